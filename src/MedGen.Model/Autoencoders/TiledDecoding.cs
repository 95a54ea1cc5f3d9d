using MedGen.Abstractions.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Autoencoders;

/// <summary>Decodes overlapping tiles, each with a cache of its own, and blends them with weights that rise linearly over the overlap.</summary>
internal sealed class TiledDecoding
{
    private readonly WanAutoencoder _autoencoder;
    private readonly TilingOptions _options;

    public TiledDecoding(WanAutoencoder autoencoder, TilingOptions options)
    {
        Check("tile_height", options.TileHeight, options.StrideHeight);
        Check("tile_width", options.TileWidth, options.StrideWidth);
        _autoencoder = autoencoder;
        _options = options;

        static void Check(string field, int size, int stride)
        {
            if (size < 1 || stride < 1 || stride > size)
            {
                throw new InvalidInputException(field, $"{size} with a stride of {stride}; the stride must be 1 to the size of the tile.");
            }
        }
    }

    /// <summary>Decodes latents.</summary>
    /// <param name="latents">Scaled latents [B, z, T, H, W].</param>
    /// <returns>Video [B, 3, T', 8H, 8W], float32.</returns>
    public Tensor Decode(Tensor latents)
    {
        int factor = _autoencoder.Config.SpatialFactor;
        (long height, long width) = (latents.size(3), latents.size(4));
        long frames = 1 + (latents.size(2) - 1) * _autoencoder.Config.TemporalFactor;
        // Summed in float32: in bfloat16 the weights themselves would be rounded.
        Tensor? sum = null;
        Tensor? weight = null;
        foreach ((long top, long tileHeight) in Tiles(height, _options.TileHeight, _options.StrideHeight))
        {
            foreach ((long left, long tileWidth) in Tiles(width, _options.TileWidth, _options.StrideWidth))
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor tile = _autoencoder.Decode(latents.narrow(3, top, tileHeight).narrow(4, left, tileWidth)); // [B, 3, T', 8h, 8w]
                sum ??= Zeros(latents.size(0), 3, frames);
                weight ??= Zeros(1, 1, 1);
                Tensor rows = Ramp(tileHeight * factor, (_options.TileHeight - _options.StrideHeight) * factor, top > 0, top + tileHeight < height);
                Tensor columns = Ramp(tileWidth * factor, (_options.TileWidth - _options.StrideWidth) * factor, left > 0, left + tileWidth < width);
                Tensor mask = minimum(rows.unsqueeze(1), columns.unsqueeze(0)).to(tile.device); // [8h, 8w]
                Part(sum).add_(tile * mask);
                Part(weight).add_(mask);

                Tensor Zeros(long batch, long channels, long time) =>
                    zeros([batch, channels, time, height * factor, width * factor], ScalarType.Float32, tile.device).MoveToOuterDisposeScope();

                Tensor Part(Tensor whole) =>
                    whole.narrow(3, top * factor, tileHeight * factor).narrow(4, left * factor, tileWidth * factor);
            }
        }

        return sum! / weight!;
    }

    // Start and length of each tile; the last one that reaches the end is the last.
    private static IEnumerable<(long Start, long Length)> Tiles(long whole, int size, int stride)
    {
        for (long start = 0; ; start += stride)
        {
            yield return (start, Math.Min(size, whole - start));
            if (start + size >= whole)
            {
                yield break;
            }
        }
    }

    // 1 in the middle; towards a neighbour it falls linearly over the overlap.
    private static Tensor Ramp(long length, long overlap, bool before, bool behind)
    {
        float[] weights = new float[length];
        for (long i = 0; i < length; i++)
        {
            float fromStart = before && i < overlap ? (i + 1f) / overlap : 1;
            float fromEnd = behind && length - 1 - i < overlap ? (float)(length - i) / overlap : 1;
            weights[i] = Math.Min(fromStart, fromEnd);
        }

        return tensor(weights);
    }
}

using MedGen.Sdk.Errors;
using MedGen.Torch.Memory;
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

    /// <summary>How many latent frames are decoded in all, tile by tile.</summary>
    /// <param name="latents">Scaled latents [B, z, T, H, W].</param>
    /// <returns>Tiles times T.</returns>
    public int Pieces(Tensor latents) => (int)latents.size(2)
        * Tiles(latents.size(3), _options.TileHeight, _options.StrideHeight).Count()
        * Tiles(latents.size(4), _options.TileWidth, _options.StrideWidth).Count();

    /// <summary>Decodes latents piece by piece; all tiles are decoded before the first frames are finished.</summary>
    /// <param name="latents">Scaled latents [B, z, T, H, W]; they must live until the last chunk is taken.</param>
    /// <returns>
    /// For each of <see cref="Pieces"/> null, then T chunks, [B, 3, 1, 8H, 8W] and then [B, 3, 4, 8H, 8W] each, float32. Each belongs to the caller.
    /// </returns>
    public IEnumerable<Tensor?> Decode(Tensor latents)
    {
        int factor = _autoencoder.Config.SpatialFactor;
        int group = _autoencoder.Config.TemporalFactor;
        (long height, long width) = (latents.size(3), latents.size(4));
        long frames = 1 + ((latents.size(2) - 1) * group);
        using Tensor sum = Zeros(latents.size(0), 3, frames);
        using Tensor weight = Zeros(1, 1, 1);
        foreach ((long top, long tileHeight) in Tiles(height, _options.TileHeight, _options.StrideHeight))
        {
            foreach ((long left, long tileWidth) in Tiles(width, _options.TileWidth, _options.StrideWidth))
            {
                using Tensor mask = Mask(
                    Ramp(tileHeight * factor, (_options.TileHeight - _options.StrideHeight) * factor, top > 0, top + tileHeight < height),
                    Ramp(tileWidth * factor, (_options.TileWidth - _options.StrideWidth) * factor, left > 0, left + tileWidth < width)); // [8h, 8w]
                using Tensor tile = latents.narrow(3, top, tileHeight).narrow(4, left, tileWidth).DetachFromDisposeScope();
                long frame = 0;
                foreach (Tensor chunk in _autoencoder.DecodeChunks(tile)) // [B, 3, 1 or 4, 8h, 8w]
                {
                    frame += Add(chunk, mask, Part(sum).narrow(2, frame, chunk.size(2)));
                    yield return null;
                }

                Part(weight).add_(mask);
                HeapTrim.Run();

                Tensor Part(Tensor whole) =>
                    whole.narrow(3, top * factor, tileHeight * factor).narrow(4, left * factor, tileWidth * factor);
            }
        }

        for (long frame = 0; frame < frames; frame += frame == 0 ? 1 : group)
        {
            yield return sum.narrow(2, frame, frame == 0 ? 1 : group) / weight;
        }

        // Summed in float32: in bfloat16 the weights themselves would be rounded.
        Tensor Zeros(long batch, long channels, long time) =>
            zeros([batch, channels, time, height * factor, width * factor], ScalarType.Float32, latents.device).DetachFromDisposeScope();

        Tensor Mask(Tensor rows, Tensor columns) => minimum(rows.unsqueeze(1), columns.unsqueeze(0)).to(latents.device).DetachFromDisposeScope();
    }

    private static long Add(Tensor chunk, Tensor mask, Tensor part)
    {
        using var scope = NewDisposeScope();
        using (chunk)
        {
            part.add_(chunk * mask);
            return chunk.size(2);
        }
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

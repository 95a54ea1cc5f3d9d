using MedGen.Model.Autoencoders;

namespace MedGen.Model.Sizing;

/// <summary>What decoding a clip takes, by formula, in one piece or, where that is too much, in tiles.</summary>
internal sealed record DecodingCost
{
    // Frames of full size and all channels that are there at once in a residual block of the last stage: `bench memory` compares.
    private const int Copies = 8;

    // The stages before, and oneDNN's copies in its own layouts.
    private const double OtherShare = 1.8;

    // The allocator keeps some of what is given back, but no piece above this size.
    private const double LargestHeapPiece = 32 << 20;
    private const int HeapPieces = 32;

    // Latent pixels that neighbouring tiles share.
    private const int Overlap = 8;

    private static readonly int[] TileSides = [96, 64, 48, 32, 24, 16];

    /// <summary>Estimated bytes at the peak, what is kept among them.</summary>
    public required long PeakBytes { get; init; }

    /// <summary>Estimated bytes that are kept from one latent frame to the next.</summary>
    public required long KeptBytes { get; init; }

    /// <summary>The tiles; null: none.</summary>
    public required TilingOptions? Tiling { get; init; }

    /// <summary>Computes it.</summary>
    /// <param name="config">Dimensions of the autoencoder.</param>
    /// <param name="size">Size of the clip.</param>
    /// <param name="limit">Bytes at the peak above which there are tiles: the largest squares below it, or the smallest there are.</param>
    /// <returns>The cost.</returns>
    public static DecodingCost Of(WanAutoencoderConfig config, ClipSize size, long limit)
    {
        DecodingCost whole = Of(config, size);
        if (whole.PeakBytes <= limit)
        {
            return whole;
        }

        int factor = config.SpatialFactor;
        int[] smaller = [.. TileSides.Where(side => side * factor < Math.Max(size.Width, size.Height))];
        DecodingCost[] tiled = [.. smaller.Select(side => Tiled(config, size, side))];
        return tiled.FirstOrDefault(cost => cost.PeakBytes <= limit) ?? tiled.LastOrDefault() ?? whole;
    }

    private static DecodingCost Tiled(WanAutoencoderConfig config, ClipSize size, int side)
    {
        int pixels = side * config.SpatialFactor;
        DecodingCost tile = Of(config, new ClipSize(Math.Min(size.Width, pixels), Math.Min(size.Height, pixels), size.NumFrames));

        // The sum of the tiles, three channels in float32, and their weights.
        return tile with
        {
            KeptBytes = tile.KeptBytes + (4L * size.Width * size.Height * ((3L * size.NumFrames) + 1)),
            Tiling = new TilingOptions { TileHeight = side, TileWidth = side, StrideHeight = side - Overlap, StrideWidth = side - Overlap },
        };
    }

    // In float32: one frame in a residual block of the last stage, and the two frames that each convolution of it keeps.
    private static DecodingCost Of(WanAutoencoderConfig config, ClipSize size)
    {
        double frame = 4.0 * size.Width * size.Height / (config.PatchSize * config.PatchSize) * config.DecoderDim * config.Multipliers[0];
        double kept = OtherShare * frame * 2 * 2 * (config.NumResidualBlocks + 1);
        return new DecodingCost
        {
            PeakBytes = (long)((OtherShare * frame * Copies) + kept + (HeapPieces * Math.Min(frame, LargestHeapPiece))),
            KeptBytes = (long)kept,
            Tiling = null,
        };
    }
}

namespace MedGen.Curation.Scanning;

/// <summary>
/// A perceptual hash of 64 bits: whether each of 9 × 8 cells is brighter than its neighbour to the right (dHash). It survives another size, rate and
/// codec.
/// </summary>
internal static class FrameHash
{
    private const int Columns = 9;
    private const int Rows = 8;
    private const double FlatBelow = 2;

    /// <summary>Hashes a frame.</summary>
    /// <param name="luma">Brightness, row-major.</param>
    /// <param name="width">Width in px, at least 9.</param>
    /// <param name="height">Height in px, at least 8.</param>
    /// <returns>The hash; 0: the cells hardly differ, and the bits would be noise.</returns>
    public static ulong Of(ReadOnlySpan<byte> luma, int width, int height)
    {
        Span<double> sums = stackalloc double[Columns * Rows];
        Span<int> counts = stackalloc int[Columns * Rows];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int cell = (y * Rows / height * Columns) + (x * Columns / width);
                sums[cell] += luma[(y * width) + x];
                counts[cell]++;
            }
        }

        (double low, double high) = (255, 0);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] /= counts[i];
            (low, high) = (Math.Min(low, sums[i]), Math.Max(high, sums[i]));
        }

        if (high - low < FlatBelow)
        {
            return 0;
        }

        ulong hash = 0;
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns - 1; column++)
            {
                int at = (row * Columns) + column;
                hash = (hash << 1) | (sums[at] > sums[at + 1] ? 1UL : 0);
            }
        }

        return hash;
    }
}

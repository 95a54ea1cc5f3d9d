namespace MedGen.Curation.Scanning;

/// <summary>Black lines at the sides of a frame, in px of the scan; a black frame has them all on the left.</summary>
internal readonly record struct BlackBorders(int Left, int Top, int Right, int Bottom)
{
    // Print, a logo or noise in a border: it is still one.
    private const double BrightShare = 0.02;

    /// <summary>Counts them.</summary>
    /// <param name="luma">Brightness, row-major.</param>
    /// <param name="width">Width in px.</param>
    /// <param name="height">Height in px.</param>
    /// <param name="black">Brightness up to which a pixel is black.</param>
    public static BlackBorders Of(ReadOnlySpan<byte> luma, int width, int height, int black)
    {
        int[] rows = new int[height];
        int[] columns = new int[width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (luma[(y * width) + x] > black)
                {
                    rows[y]++;
                    columns[x]++;
                }
            }
        }

        int left = CountFrom(columns, height, step: 1);
        int top = CountFrom(rows, width, step: 1);
        return left == width || top == height
            ? new BlackBorders(width, 0, 0, 0)
            : new BlackBorders(left, top, CountFrom(columns, height, step: -1), CountFrom(rows, width, step: -1));
    }

    private static int CountFrom(int[] bright, int length, int step)
    {
        int count = 0;
        for (int at = step > 0 ? 0 : bright.Length - 1; count < bright.Length && bright[at] <= length * BrightShare; at += step)
        {
            count++;
        }

        return count;
    }
}

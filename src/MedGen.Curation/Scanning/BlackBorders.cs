namespace MedGen.Curation.Scanning;

/// <summary>
/// Black lines at the sides of a frame that end in a straight edge, in px of the scan; a black frame has them all on the left. The black around an
/// ultrasound sector or a round endoscope's picture is none: it touches the picture in a point, not along a line.
/// </summary>
internal readonly record struct BlackBorders(int Left, int Top, int Right, int Bottom)
{
    // Print, a logo or noise in a border: it is still one.
    private const double BrightShare = 0.02;

    // So much of the line inside a border is lit where the border is one, and the edge may be as wide as scaling makes it.
    private const double EdgeShare = 0.5;
    private const int EdgeWidth = 3;

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

        if (CountFrom(columns, height) == width)
        {
            return new BlackBorders(width, 0, 0, 0);
        }

        // The height of the picture is what is lit between upper and lower border, and so for its width.
        int[] rowsUp = [.. rows.Reverse()];
        int[] columnsLeft = [.. columns.Reverse()];
        (int left, int right) = (CountFrom(columns, height), CountFrom(columnsLeft, height));
        (int top, int bottom) = (CountFrom(rows, width), CountFrom(rowsUp, width));
        return new BlackBorders(
            Edged(columns, left, height - top - bottom), Edged(rows, top, width - left - right), Edged(columnsLeft, right, height - top - bottom),
            Edged(rowsUp, bottom, width - left - right));
    }

    private static int CountFrom(int[] bright, int length)
    {
        int count = 0;
        while (count < bright.Length && bright[count] <= length * BrightShare)
        {
            count++;
        }

        return count;
    }

    private static int Edged(int[] bright, int border, int length) =>
        bright.Skip(border).Take(EdgeWidth).DefaultIfEmpty(0).Max() >= length * EdgeShare ? border : 0;
}

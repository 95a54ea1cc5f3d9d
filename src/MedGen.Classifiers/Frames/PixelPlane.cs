namespace MedGen.Classifiers.Frames;

/// <summary>Statistics over parts of an RGB24 picture.</summary>
internal readonly ref struct PixelPlane(ReadOnlySpan<byte> rgb, int width)
{
    private readonly ReadOnlySpan<byte> _rgb = rgb;

    /// <summary>The median of each channel over a part, packed as 0xRRGGBB.</summary>
    public int Median(ContentBox part)
    {
        Span<int> counts = stackalloc int[3 * 256];
        Count(part, counts);
        return Median(counts, part.Width * part.Height);
    }

    /// <summary>The median colour of a box's outermost lines, and the share of their pixels that have it.</summary>
    public int BorderMedian(ContentBox box, out double share, int tolerance)
    {
        ReadOnlySpan<ContentBox> sides =
        [
            new(box.Left, box.Top, box.Width, 1),
            new(box.Left, box.Top + box.Height - 1, box.Width, 1),
            new(box.Left, box.Top, 1, box.Height),
            new(box.Left + box.Width - 1, box.Top, 1, box.Height),
        ];
        Span<int> counts = stackalloc int[3 * 256];
        int total = 0;
        foreach (ContentBox side in sides)
        {
            Count(side, counts);
            total += side.Width * side.Height;
        }

        int median = Median(counts, total);
        int unlike = 0;
        foreach (ContentBox side in sides)
        {
            unlike += CountUnlike(side, median, tolerance);
        }

        share = 1 - (unlike / (double)total);
        return median;
    }

    /// <summary>Pixels of a part that differ from a colour by more than the tolerance in any channel.</summary>
    public int CountUnlike(ContentBox part, int colour, int tolerance)
    {
        int red = colour >> 16;
        int green = (colour >> 8) & 255;
        int blue = colour & 255;
        int unlike = 0;
        for (int y = part.Top; y < part.Top + part.Height; y++)
        {
            int at = ((y * width) + part.Left) * 3;
            for (int x = 0; x < part.Width; x++, at += 3)
            {
                if (Math.Abs(_rgb[at] - red) > tolerance || Math.Abs(_rgb[at + 1] - green) > tolerance || Math.Abs(_rgb[at + 2] - blue) > tolerance)
                {
                    unlike++;
                }
            }
        }

        return unlike;
    }

    private void Count(ContentBox part, Span<int> counts)
    {
        for (int y = part.Top; y < part.Top + part.Height; y++)
        {
            int at = ((y * width) + part.Left) * 3;
            for (int x = 0; x < part.Width; x++, at += 3)
            {
                counts[_rgb[at]]++;
                counts[256 + _rgb[at + 1]]++;
                counts[512 + _rgb[at + 2]]++;
            }
        }
    }

    private static int Median(ReadOnlySpan<int> counts, int total)
    {
        int packed = 0;
        for (int channel = 0; channel < 3; channel++)
        {
            int seen = 0;
            int value = 0;
            while (value < 255 && (seen += counts[(channel * 256) + value]) * 2 < total)
            {
                value++;
            }

            packed = (packed << 8) | value;
        }

        return packed;
    }
}

namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>
/// Where pixels come from: geometry in space and time, the same for all frames. What lies outside the picture is black, as around most medical
/// pictures.
/// </summary>
internal static class ClipWarp
{
    private const int One = 1 << 8; // of the weights' fixed-point numbers: the same bytes on every machine

    /// <summary>Enlarges around the middle, turns, and moves.</summary>
    /// <param name="clip">The clip; not changed.</param>
    /// <param name="scale">Above 1: larger.</param>
    /// <param name="degrees">Counter-clockwise.</param>
    /// <param name="x">Where the new middle lies in the old picture, from its middle, in widths.</param>
    /// <param name="y">The same in heights.</param>
    public static ClipPixels Warp(ClipPixels clip, double scale, double degrees, double x, double y)
    {
        ClipPixels output = clip.Blank();
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        (double middleX, double middleY) = ((clip.Width - 1) / 2.0, (clip.Height - 1) / 2.0);
        Parallel.For(0, clip.Height, row =>
        {
            for (int column = 0; column < clip.Width; column++)
            {
                (double dx, double dy) = ((column - middleX) / scale, (row - middleY) / scale);
                double fromX = middleX + (x * clip.Width) + (cos * dx) - (sin * dy);
                double fromY = middleY + (y * clip.Height) + (sin * dx) + (cos * dy);
                Sample(clip, output, fromX, fromY, ((row * clip.Width) + column) * 3);
            }
        });
        return output;
    }

    /// <summary>Mirrors.</summary>
    public static ClipPixels Mirror(ClipPixels clip, Mirroring mirroring)
    {
        ClipPixels output = clip.Blank();
        int line = clip.Width * 3;
        for (int t = 0; t < clip.Frames; t++)
        {
            Span<byte> to = output.Frame(t);
            Span<byte> from = clip.Frame(mirroring == Mirroring.Time ? clip.Frames - 1 - t : t);
            for (int row = 0; row < clip.Height; row++)
            {
                Span<byte> source = from.Slice((mirroring == Mirroring.Vertical ? clip.Height - 1 - row : row) * line, line);
                for (int i = 0; i < line; i++)
                {
                    to[(row * line) + i] = mirroring == Mirroring.Horizontal ? source[line - 3 - (i / 3 * 3) + (i % 3)] : source[i];
                }
            }
        }

        return output;
    }

    /// <summary>
    /// Plays faster or slower with the same number of frames, blending neighbours; runs back from the end where the clip is too short.
    /// </summary>
    public static ClipPixels Tempo(ClipPixels clip, double speed)
    {
        ClipPixels output = clip.Blank();
        int last = clip.Frames - 1;
        for (int t = 0; t < clip.Frames && last > 0; t++)
        {
            double at = t * speed % (2.0 * last);
            at = at > last ? (2 * last) - at : at;
            int first = Math.Min((int)at, last);
            int weight = (int)Math.Round((at - first) * One);
            Span<byte> a = clip.Frame(first);
            Span<byte> b = clip.Frame(Math.Min(first + 1, last));
            Span<byte> to = output.Frame(t);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (byte)(((a[i] * (One - weight)) + (b[i] * weight) + (One / 2)) / One);
            }
        }

        return last > 0 ? output : clip;
    }

    // One place of the picture in all frames: its weights are the same.
    private static void Sample(ClipPixels clip, ClipPixels output, double x, double y, int to)
    {
        (int left, int top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        if (left < -1 || top < -1 || left >= clip.Width || top >= clip.Height)
        {
            return;
        }

        int wx = (int)Math.Round((x - left) * One);
        int wy = (int)Math.Round((y - top) * One);
        bool isLeft = left >= 0, isRight = left + 1 < clip.Width, isTop = top >= 0, isBottom = top + 1 < clip.Height;
        int at = ((top * clip.Width) + left) * 3;
        int line = clip.Width * 3;
        for (int t = 0; t < clip.Frames; t++)
        {
            int frame = (t * clip.FrameBytes) + at;
            for (int c = 0; c < 3; c++)
            {
                int a = isTop && isLeft ? clip.Data[frame + c] : 0;
                int b = isTop && isRight ? clip.Data[frame + 3 + c] : 0;
                int d = isBottom && isLeft ? clip.Data[frame + line + c] : 0;
                int e = isBottom && isRight ? clip.Data[frame + line + 3 + c] : 0;
                int upper = (a * (One - wx)) + (b * wx);
                int lower = (d * (One - wx)) + (e * wx);
                output.Data[(t * clip.FrameBytes) + to + c] = (byte)(((upper * (One - wy)) + (lower * wy) + (One * One / 2)) / (One * One));
            }
        }
    }
}

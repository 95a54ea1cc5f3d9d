using MedGen.Sdk.Frames;

namespace MedGen.Datasets.Reidentification;

/// <summary>A copy of a clip as somebody would see who does not know that it is one: drawn from a seed, the same on every machine.</summary>
internal static class CopyView
{
    /// <summary>Makes a copy that differs in one thing, clearly.</summary>
    /// <param name="pixels">R, G, B bytes, frame by frame; not changed.</param>
    /// <param name="shape">The clip's shape.</param>
    /// <param name="alteration">In what.</param>
    /// <param name="random">Draws.</param>
    public static byte[] Of(byte[] pixels, ClipShape shape, CopyAlteration alteration, Random random)
    {
        bool isMore = random.Next(2) == 0;
        switch (alteration)
        {
            case CopyAlteration.Gain:
                return isMore
                    ? Gain(pixels, Between(random, 1.15, 1.5), Between(random, 0.75, 0.9))
                    : Gain(pixels, Between(random, 0.65, 0.85), Between(random, 1.1, 1.35));
            case CopyAlteration.Zoom:
                return Window(pixels, shape, Between(random, isMore ? 0.7 : 1.1, isMore ? 0.9 : 1.3), 0, 0);
            case CopyAlteration.Crop:
                double side = Between(random, 0.75, 0.9);
                return Window(pixels, shape, side, Between(random, -0.5, 0.5) * (1 - side), Between(random, -0.5, 0.5) * (1 - side));
            default:
                return Speed(pixels, shape, Between(random, isMore ? 1.25 : 0.6, isMore ? 1.6 : 0.8), isMore ? random.NextDouble() : 0);
        }
    }

    /// <summary>Makes a copy that differs in several things at once, each with even odds; in one at least.</summary>
    public static byte[] Any(byte[] pixels, ClipShape shape, Random random)
    {
        CopyAlteration[] all = Enum.GetValues<CopyAlteration>();
        CopyAlteration sure = all[random.Next(all.Length)];
        return all.Where(one => random.Next(2) == 0 || one == sure).ToArray()
            .Aggregate(pixels, (copy, alteration) => Of(copy, shape, alteration, random));
    }

    private static byte[] Gain(byte[] pixels, double factor, double exponent)
    {
        byte[] table = [.. Enumerable.Range(0, 256)
            .Select(value => (byte)Math.Clamp((int)Math.Round(255 * factor * Math.Pow(value / 255.0, exponent)), 0, 255))];
        return Array.ConvertAll(pixels, value => table[value]);
    }

    // A window of so many sides around a point, in sides from the middle; what lies outside the picture is black.
    private static byte[] Window(byte[] pixels, ClipShape shape, double side, double x, double y)
    {
        byte[] copy = new byte[pixels.Length];
        (int Near, int Far, double Weight)[] columns = Axis(shape.Width, side, x);
        (int Near, int Far, double Weight)[] rows = Axis(shape.Height, side, y);
        for (int t = 0; t < shape.NumFrames; t++)
        {
            ReadOnlySpan<byte> frame = pixels.AsSpan(t * shape.FrameBytes, shape.FrameBytes);
            Span<byte> to = copy.AsSpan(t * shape.FrameBytes, shape.FrameBytes);
            for (int row = 0; row < shape.Height; row++)
            {
                (int top, int bottom, double down) = rows[row];
                for (int column = 0; column < shape.Width && top >= 0; column++)
                {
                    (int left, int right, double across) = columns[column];
                    for (int c = 0; c < 3 && left >= 0; c++)
                    {
                        double upper = Blend(frame[At(top, left, c)], frame[At(top, right, c)], across);
                        double lower = Blend(frame[At(bottom, left, c)], frame[At(bottom, right, c)], across);
                        to[At(row, column, c)] = (byte)Math.Round(Blend(upper, lower, down));
                    }
                }
            }
        }

        return copy;

        int At(int row, int column, int channel) => (((row * shape.Width) + column) * 3) + channel;
    }

    // Of each place of the copy the two places that it lies between, and how far it is on from the first; −1: outside.
    private static (int Near, int Far, double Weight)[] Axis(int length, double side, double shift) =>
    [
        .. Enumerable.Range(0, length).Select(i =>
        {
            double from = ((length - 1) / 2.0) + (shift * length) + ((i - ((length - 1) / 2.0)) * side);
            int near = (int)Math.Floor(from);
            return from < 0 || from > length - 1 ? (-1, -1, 0) : (near, Math.Min(near + 1, length - 1), from - near);
        }),
    ];

    private static byte[] Speed(byte[] pixels, ClipShape shape, double factor, double begin)
    {
        byte[] copy = new byte[pixels.Length];
        int last = shape.NumFrames - 1;
        for (int t = 0; t < shape.NumFrames; t++)
        {
            // Back and forth where the clip ends too early.
            double at = ((begin * last * Math.Max(0, factor - 1)) + (t * factor)) % Math.Max(1, 2 * last);
            int frame = Math.Min(last, (int)Math.Round(at > last ? (2 * last) - at : at));
            pixels.AsSpan(frame * shape.FrameBytes, shape.FrameBytes).CopyTo(copy.AsSpan(t * shape.FrameBytes));
        }

        return copy;
    }

    private static double Blend(double a, double b, double weight) => a + ((b - a) * weight);

    private static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());
}

using MedGen.Phantoms.Randomness;
using MedGen.Classifiers.Frames;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>
/// Pictures that are no medical image, drawn by rule: what the network should not be sure about. One half of the kinds is trained on, the other
/// is kept for the evaluation, so that the evaluation asks about kinds never seen.
/// </summary>
internal static class OutlierPictures
{
    /// <summary>Kinds used in training.</summary>
    public static IReadOnlyList<string> TrainedKinds { get; } = ["overlapping shapes", "filtered noise", "stripes", "soft disc"];

    /// <summary>Kinds kept for the evaluation.</summary>
    public static IReadOnlyList<string> HeldOutKinds { get; } = ["white noise", "gradient", "text page", "checkerboard", "plasma"];

    public static FramePicture Draw(string kind, Random random)
    {
        byte[] pixels = new byte[FramePicture.ByteCount];
        bool gray = random.Chance(0.5);
        switch (kind)
        {
            case "overlapping shapes":
                Shapes(pixels, gray, random);
                break;
            case "filtered noise":
                Noise(pixels, gray, random, random.Next(2, 24));
                break;
            case "stripes":
                Stripes(pixels, gray, random);
                break;
            case "soft disc":
                SoftDisc(pixels, gray, random);
                break;
            case "white noise":
                Noise(pixels, gray, random, 1);
                break;
            case "gradient":
                Gradient(pixels, gray, random);
                break;
            case "text page":
                TextPage(pixels, random);
                break;
            case "checkerboard":
                Checkerboard(pixels, gray, random);
                break;
            case "plasma":
                Plasma(pixels, gray, random);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind.");
        }

        return new FramePicture(pixels);
    }

    private static void Shapes(byte[] pixels, bool gray, Random random)
    {
        // Dead leaves: sharp occlusions at every scale, the statistics of photographs.
        Paint(pixels, Colour(gray, random), (_, _) => true);
        int count = random.Next(20, 260);
        for (int shape = 0; shape < count; shape++)
        {
            double size = FramePicture.Side * 0.5 * Math.Pow(random.NextDouble(), 2.5);
            (double x, double y) = (random.NextDouble() * FramePicture.Side, random.NextDouble() * FramePicture.Side);
            bool disc = random.Chance(0.5);
            Paint(pixels, Colour(gray, random), (px, py) => disc
                ? ((px - x) * (px - x)) + ((py - y) * (py - y)) < size * size
                : Math.Abs(px - x) < size && Math.Abs(py - y) < size * 0.6);
        }
    }

    /// <summary>
    /// A plain disc on a plain ground, its edge more or less soft: the shape of a retina or an endoscope's picture without what is in it.
    /// </summary>
    private static void SoftDisc(byte[] pixels, bool gray, Random random)
    {
        (byte[] ground, byte[] disc) = (random.Chance(0.7) ? [0, 0, 0] : Colour(gray, random), Colour(gray, random));
        (double x, double y) = (FramePicture.Side * random.Range(0.4, 0.6), FramePicture.Side * random.Range(0.4, 0.6));
        double radius = FramePicture.Side * random.Range(0.25, 0.6);
        double edge = FramePicture.Side * random.Range(0.005, 0.2);
        double shade = random.Range(-0.5, 0.5) / radius;
        Compute(pixels, gray: false, (px, py, channel) =>
        {
            double inside = Math.Clamp(0.5 + ((radius - Math.Sqrt(((px - x) * (px - x)) + ((py - y) * (py - y)))) / edge), 0, 1);
            return ground[channel] + (inside * ((disc[channel] * (1 + (shade * (px - x)))) - ground[channel]));
        });
    }

    private static void Noise(byte[] pixels, bool gray, Random random, int cell)
    {
        int cells = (FramePicture.Side / cell) + 2;
        double[] lattice = [.. Enumerable.Range(0, cells * cells * 3).Select(_ => random.NextDouble() * 255)];
        Compute(pixels, gray, (x, y, channel) =>
        {
            (double u, double v) = (x / (double)cell, y / (double)cell);
            (int i, int j) = ((int)u, (int)v);
            double At(int a, int b) => lattice[(((b * cells) + a) * 3) + channel];
            double upper = At(i, j) + ((u - i) * (At(i + 1, j) - At(i, j)));
            double lower = At(i, j + 1) + ((u - i) * (At(i + 1, j + 1) - At(i, j + 1)));
            return upper + ((v - j) * (lower - upper));
        });
    }

    private static void Plasma(byte[] pixels, bool gray, Random random)
    {
        var waves = Enumerable.Range(0, 24).Select(i => (
            X: random.Range(-1, 1) * (i + 2) / 12, Y: random.Range(-1, 1) * (i + 2) / 12, Phase: random.Range(0, 6.3), Channel: random.Range(0, 2),
            Gain: 70.0 / (1 + (i / 3.0)))).ToArray();
        Compute(pixels, gray, (x, y, channel) =>
            128 + waves.Sum(w => w.Gain * Math.Sin((x * w.X * 0.5) + (y * w.Y * 0.5) + w.Phase + (channel * w.Channel))));
    }

    private static void Stripes(byte[] pixels, bool gray, Random random)
    {
        (double x, double y, double phase, double power) = (random.Range(-1, 1), random.Range(-1, 1), random.Range(0, 6.3), random.Range(0.5, 6));
        Compute(pixels, gray, (px, py, channel) =>
            127 + (127 * Math.Tanh(power * Math.Sin((px * x) + (py * y) + phase + (channel * phase / 3)))));
    }

    private static void Gradient(byte[] pixels, bool gray, Random random)
    {
        (double x, double y, double offset) = (random.Range(-1.7, 1.7), random.Range(-1.7, 1.7), random.Range(40, 220));
        Compute(pixels, gray, (px, py, channel) => offset + ((px - 72) * x * (1 + (channel * 0.3))) + ((py - 72) * y));
    }

    private static void Checkerboard(byte[] pixels, bool gray, Random random)
    {
        int size = random.Next(3, 30);
        byte[] colour = Colour(gray, random);
        Paint(pixels, Colour(gray, random), (_, _) => true);
        Paint(pixels, colour, (x, y) => ((x / size) + (y / size)) % 2 == 0);
    }

    private static void TextPage(byte[] pixels, Random random)
    {
        bool dark = random.Chance(0.3);
        int line = random.Next(5, 14);
        bool[] ink = [.. Enumerable.Range(0, FramePicture.Side * FramePicture.Side).Select(_ => random.Chance(0.5))];
        bool[] space = [.. Enumerable.Range(0, FramePicture.Side * FramePicture.Side).Select(_ => random.Chance(0.18))];
        Compute(pixels, gray: true, (x, y, _) =>
        {
            bool inLine = y % line < line * 0.6 && x is > 8 and < FramePicture.Side - 8;
            bool written = inLine && !space[((y / line) * FramePicture.Side) + (x / 4)] && ink[(y * FramePicture.Side) + x];
            return written == dark ? 245 : 15;
        });
    }

    private static byte[] Colour(bool gray, Random random)
    {
        byte level = (byte)random.Next(256);
        return gray ? [level, level, level] : [level, (byte)random.Next(256), (byte)random.Next(256)];
    }

    private static void Paint(byte[] pixels, byte[] colour, Func<int, int, bool> inside)
    {
        for (int i = 0; i < FramePicture.Side * FramePicture.Side; i++)
        {
            if (inside(i % FramePicture.Side, i / FramePicture.Side))
            {
                colour.CopyTo(pixels, i * 3);
            }
        }
    }

    private static void Compute(byte[] pixels, bool gray, Func<int, int, int, double> level)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            int at = i / 3;
            pixels[i] = (byte)Math.Clamp(level(at % FramePicture.Side, at / FramePicture.Side, gray ? 0 : i % 3), 0, 255);
        }
    }
}

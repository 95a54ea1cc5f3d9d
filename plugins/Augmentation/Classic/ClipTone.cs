using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>What pixels become: tone, noise and sharpness. Colour channels get the same noise, so that grey stays grey.</summary>
internal static class ClipTone
{
    /// <summary>Stretches grey levels around the clip's mean.</summary>
    public static ClipPixels Contrast(ClipPixels clip, double factor)
    {
        double mean = clip.Data.Average(value => (double)value);
        return Map(clip, value => mean + ((value - mean) * factor));
    }

    /// <summary>Raises grey levels, as shares of 255, to a power.</summary>
    public static ClipPixels Gamma(ClipPixels clip, double exponent) => Map(clip, value => 255 * Math.Pow(value / 255.0, exponent));

    /// <summary>Adds Gaussian noise of a deviation in grey levels, drawn anew for each pixel and frame.</summary>
    public static ClipPixels Noise(ClipPixels clip, double deviation, RandomStream random) =>
        PerPixel(clip, random, (value, draw) => value + (deviation * draw));

    /// <summary>Multiplies by 1 plus Gaussian noise.</summary>
    public static ClipPixels Speckle(ClipPixels clip, double deviation, RandomStream random) =>
        PerPixel(clip, random, (value, draw) => value * (1 + (deviation * draw)));

    /// <summary>Blurs each frame by a separable Gaussian; at the border the kernel is renormalised.</summary>
    public static ClipPixels Blur(ClipPixels clip, double deviation)
    {
        int reach = Math.Max(1, (int)Math.Ceiling(2.5 * deviation));
        double[] kernel = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(i => Math.Exp(-i * i / (2 * deviation * deviation)))];
        ClipPixels output = clip.Blank();
        Parallel.For(0, clip.Frames, t =>
        {
            float[] rows = new float[clip.FrameBytes];
            byte[] frame = clip.Frame(t).ToArray();
            Convolve(i => frame[i], kernel, clip.Width, clip.Height, 3, clip.Width * 3, (i, sum) => rows[i] = (float)sum);
            int start = t * clip.FrameBytes;
            Convolve(i => rows[i], kernel, clip.Height, clip.Width, clip.Width * 3, 3, (i, sum) => output.Data[start + i] = ToByte(sum));
        });
        return output;
    }

    private static void Convolve(Func<int, double> read, double[] kernel, int length, int lines, int step, int stride, Action<int, double> write)
    {
        int reach = kernel.Length / 2;
        for (int line = 0; line < lines; line++)
        {
            for (int i = 0; i < length; i++)
            {
                (int from, int to) = (Math.Max(-reach, -i), Math.Min(reach, length - 1 - i));
                for (int c = 0; c < 3; c++)
                {
                    (double sum, double weight) = (0, 0);
                    for (int k = from; k <= to; k++)
                    {
                        sum += kernel[k + reach] * read((line * stride) + ((i + k) * step) + c);
                        weight += kernel[k + reach];
                    }

                    write((line * stride) + (i * step) + c, sum / weight);
                }
            }
        }
    }

    private static ClipPixels Map(ClipPixels clip, Func<int, double> tone)
    {
        byte[] table = [.. Enumerable.Range(0, 256).Select(value => ToByte(tone(value)))];
        ClipPixels output = clip.Blank();
        for (int i = 0; i < clip.Data.Length; i++)
        {
            output.Data[i] = table[clip.Data[i]];
        }

        return output;
    }

    private static ClipPixels PerPixel(ClipPixels clip, RandomStream random, Func<double, double, double> change)
    {
        ClipPixels output = clip.Blank();
        for (int i = 0; i < clip.Data.Length; i += 3)
        {
            double draw = random.Normal();
            for (int c = 0; c < 3; c++)
            {
                output.Data[i + c] = ToByte(change(clip.Data[i + c], draw));
            }
        }

        return output;
    }

    private static byte ToByte(double value) => (byte)Math.Clamp((int)Math.Round(value), 0, 255);
}

namespace MedGen.Model.Pictures;

/// <summary>
/// Pillow's Lanczos resampling of 8-bit pictures, byte for byte (libImaging/Resample.c), because the reference scales first frames with it: first
/// along the rows, rounded to 8 bits, then along the columns, each with integer weights of 22 bits.
/// </summary>
internal static class LanczosResize
{
    private const int Channels = 3;
    private const int Support = 3;
    private const int WeightBits = 22;

    /// <summary>Scales a picture.</summary>
    /// <param name="rgb">RGB24, rows from the top.</param>
    /// <param name="width">Its width in px.</param>
    /// <param name="height">Its height in px.</param>
    /// <param name="newWidth">Width to scale to, from 1.</param>
    /// <param name="newHeight">Height to scale to, from 1.</param>
    /// <returns>RGB24, <paramref name="newWidth"/> × <paramref name="newHeight"/>.</returns>
    public static byte[] Apply(ReadOnlySpan<byte> rgb, int width, int height, int newWidth, int newHeight)
    {
        // A pass over a side that keeps its size would change nothing.
        ReadOnlySpan<byte> wide = newWidth == width ? rgb : Rows(rgb, width, height, newWidth);
        return newHeight == height ? wide.ToArray() : Columns(wide, newWidth, height, newHeight);
    }

    private static byte[] Rows(ReadOnlySpan<byte> rgb, int width, int height, int newWidth)
    {
        (int First, int[] Weights)[] taps = Taps(width, newWidth);
        byte[] result = new byte[newWidth * height * Channels];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = rgb.Slice(y * width * Channels, width * Channels);
            for (int x = 0; x < newWidth; x++)
            {
                Sum(row[(taps[x].First * Channels)..], Channels, taps[x].Weights, result.AsSpan(((y * newWidth) + x) * Channels, Channels));
            }
        }

        return result;
    }

    private static byte[] Columns(ReadOnlySpan<byte> rgb, int width, int height, int newHeight)
    {
        (int First, int[] Weights)[] taps = Taps(height, newHeight);
        byte[] result = new byte[width * newHeight * Channels];
        for (int y = 0; y < newHeight; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Sum(
                    rgb[(((taps[y].First * width) + x) * Channels)..], width * Channels, taps[y].Weights,
                    result.AsSpan(((y * width) + x) * Channels, Channels));
            }
        }

        return result;
    }

    private static void Sum(ReadOnlySpan<byte> from, int stride, int[] weights, Span<byte> pixel)
    {
        for (int channel = 0; channel < Channels; channel++)
        {
            int sum = 1 << (WeightBits - 1);
            for (int i = 0; i < weights.Length; i++)
            {
                sum += from[(i * stride) + channel] * weights[i];
            }

            pixel[channel] = (byte)Math.Clamp(sum >> WeightBits, 0, 255);
        }
    }

    // For each new pixel the first old one that counts, and the weights from there on.
    private static (int First, int[] Weights)[] Taps(int size, int newSize)
    {
        double scale = (double)size / newSize;
        double stretch = Math.Max(scale, 1);
        return [.. Enumerable.Range(0, newSize).Select(i =>
        {
            double centre = (i + 0.5) * scale;
            int first = Math.Max((int)(centre - (Support * stretch) + 0.5), 0);
            int end = Math.Min((int)(centre + (Support * stretch) + 0.5), size);
            double[] weights = [.. Enumerable.Range(first, end - first).Select(j => Lanczos((j - centre + 0.5) / stretch))];
            double total = weights.Sum();
            return (first, Array.ConvertAll(weights, weight => Fixed(weight / total)));
        })];
    }

    private static int Fixed(double weight) => (int)((weight * (1 << WeightBits)) + (weight < 0 ? -0.5 : 0.5));

    private static double Lanczos(double x) => x is >= -Support and < Support ? Sinc(x) * Sinc(x / Support) : 0;

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}

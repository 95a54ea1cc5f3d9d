using MedGen.Sdk.Frames;

namespace MedGen.Media.Images;

/// <summary>Scales frames that do not come from ffmpeg: along the rows, then along the columns, by a triangle that covers what becomes one
/// pixel.</summary>
internal static class FrameScaler
{
    private const int Channels = 3;

    /// <summary>A frame of another size with the same index and time.</summary>
    public static VideoFrame Scale(VideoFrame frame, int width, int height)
    {
        VideoFrame scaled = VideoFrame.Rent(width, height, frame.Index, frame.Timestamp);
        float[] wide = new float[width * frame.Height * Channels];
        ReadOnlySpan<byte> source = frame.Pixels.Span;
        (int First, float[] Weights)[] taps = Taps(frame.Width, width);
        for (int y = 0; y < frame.Height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int channel = 0; channel < Channels; channel++)
                {
                    float sum = 0;
                    for (int i = 0; i < taps[x].Weights.Length; i++)
                    {
                        sum += taps[x].Weights[i] * source[(((y * frame.Width) + taps[x].First + i) * Channels) + channel];
                    }

                    wide[(((y * width) + x) * Channels) + channel] = sum;
                }
            }
        }

        Span<byte> target = scaled.WritablePixels.Span;
        taps = Taps(frame.Height, height);
        int row = width * Channels;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < row; x++)
            {
                float sum = 0.5f;
                for (int i = 0; i < taps[y].Weights.Length; i++)
                {
                    sum += taps[y].Weights[i] * wide[((taps[y].First + i) * row) + x];
                }

                target[(y * row) + x] = (byte)Math.Clamp((int)sum, 0, 255);
            }
        }

        return scaled;
    }

    private static (int First, float[] Weights)[] Taps(int size, int newSize)
    {
        double scale = (double)size / newSize;
        double reach = Math.Max(scale, 1);
        return [.. Enumerable.Range(0, newSize).Select(i =>
        {
            double centre = ((i + 0.5) * scale) - 0.5;
            int first = Math.Max(0, (int)Math.Ceiling(centre - reach));
            int last = Math.Min(size - 1, (int)Math.Floor(centre + reach));
            double[] weights = [.. Enumerable.Range(first, last - first + 1).Select(j => Math.Max(1 - (Math.Abs(j - centre) / reach), 0))];
            double total = weights.Sum();
            return (first, Array.ConvertAll(weights, weight => (float)(weight / total)));
        })];
    }
}

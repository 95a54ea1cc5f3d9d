using System.Runtime.InteropServices;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Images;

/// <summary>Scales frames that do not come from ffmpeg: along the rows, then along the columns, by a triangle that covers what becomes one
/// pixel.</summary>
internal static class FrameScaler
{
    /// <summary>A frame of another size with the same index and time.</summary>
    public static VideoFrame Scale(VideoFrame frame, int width, int height)
    {
        VideoFrame scaled = VideoFrame.RentIn(frame.Format, width, height, frame.Index, frame.Timestamp);
        int channels = frame.Format == FrameFormat.Rgb24 ? 3 : 1;
        bool isWide = frame.Format == FrameFormat.Gray16;
        float[] wide = new float[width * frame.Height * channels];
        ReadOnlySpan<byte> source = frame.Pixels.Span;
        ReadOnlySpan<ushort> values = MemoryMarshal.Cast<byte, ushort>(source);
        (int First, float[] Weights)[] taps = Taps(frame.Width, width);
        for (int y = 0; y < frame.Height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    float sum = 0;
                    for (int i = 0; i < taps[x].Weights.Length; i++)
                    {
                        int at = (((y * frame.Width) + taps[x].First + i) * channels) + channel;
                        sum += taps[x].Weights[i] * (isWide ? values[at] : source[at]);
                    }

                    wide[(((y * width) + x) * channels) + channel] = sum;
                }
            }
        }

        Span<byte> target = scaled.WritablePixels.Span;
        Span<ushort> wideTarget = MemoryMarshal.Cast<byte, ushort>(target);
        taps = Taps(frame.Height, height);
        int row = width * channels;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < row; x++)
            {
                float sum = 0.5f;
                for (int i = 0; i < taps[y].Weights.Length; i++)
                {
                    sum += taps[y].Weights[i] * wide[((taps[y].First + i) * row) + x];
                }

                if (isWide)
                {
                    wideTarget[(y * row) + x] = (ushort)Math.Clamp((int)sum, 0, ushort.MaxValue);
                }
                else
                {
                    target[(y * row) + x] = (byte)Math.Clamp((int)sum, 0, byte.MaxValue);
                }
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

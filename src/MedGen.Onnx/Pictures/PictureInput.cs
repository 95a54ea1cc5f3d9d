using MedGen.Onnx.Spec;
using MedGen.Sdk.Frames;

namespace MedGen.Onnx.Pictures;

/// <summary>Makes the network's input of frames. One instance serves all calls.</summary>
/// <param name="input">What the network takes.</param>
internal sealed class PictureInput(InputSpec input)
{
    private static readonly float[] Luma = [0.299f, 0.587f, 0.114f];

    /// <summary>Dimensions of the tensor.</summary>
    public long[] Shape { get; } = input.Layout == TensorLayout.Nchw
        ? [1, input.ChannelCount, input.Height, input.Width]
        : [1, input.Height, input.Width, input.ChannelCount];

    /// <summary>Writes a frame into a tensor.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="placement">Where it lies in the input.</param>
    /// <returns>The values in the input's layout; what the frame does not cover is black.</returns>
    public float[] Of(VideoFrame frame, FramePlacement placement)
    {
        (int channels, int size) = (input.ChannelCount, input.Width * input.Height);
        float[] tensor = new float[channels * size];
        float[] plane = new float[frame.Width * frame.Height];
        for (int c = 0; c < channels; c++)
        {
            TakeChannel(frame.Pixels.Span, c, plane);
            float[] scaled = Resized(plane, placement);
            double mean = input.Mean.Count == 0 ? 0 : input.Mean[c];
            double deviation = input.Deviation.Count == 0 ? 1 : input.Deviation[c];
            (float factor, float offset) = ((float)(input.Scale / deviation), (float)(-mean / deviation));
            for (int i = 0; i < size; i++)
            {
                (int x, int y) = ((i % input.Width) - placement.Left, (i / input.Width) - placement.Top);
                bool inFrame = x >= 0 && x < placement.ScaledWidth && y >= 0 && y < placement.ScaledHeight;
                float value = inFrame ? scaled[(y * placement.ScaledWidth) + x] : 0;
                tensor[input.Layout == TensorLayout.Nchw ? (c * size) + i : (i * channels) + c] = (value * factor) + offset;
            }
        }

        return tensor;
    }

    private void TakeChannel(ReadOnlySpan<byte> pixels, int channel, Span<float> plane)
    {
        int at = input.Channels == PixelChannels.Bgr ? 2 - channel : channel;
        for (int i = 0; i < plane.Length; i++)
        {
            plane[i] = input.Channels == PixelChannels.Gray
                ? (Luma[0] * pixels[3 * i]) + (Luma[1] * pixels[(3 * i) + 1]) + (Luma[2] * pixels[(3 * i) + 2])
                : pixels[(3 * i) + at];
        }
    }

    private static float[] Resized(float[] plane, FramePlacement placement)
    {
        (int width, int height) = (placement.ScaledWidth, placement.ScaledHeight);
        if ((width, height) == (placement.Width, placement.Height))
        {
            return plane;
        }

        ResampledAxis columns = new(placement.Width, width);
        ResampledAxis rows = new(placement.Height, height);
        float[] narrow = new float[width * placement.Height];
        for (int y = 0; y < placement.Height; y++)
        {
            columns.Apply(plane, y * placement.Width, 1, narrow.AsSpan(y * width, width));
        }

        float[] result = new float[width * height];
        float[] column = new float[height];
        for (int x = 0; x < width; x++)
        {
            rows.Apply(narrow, x, width, column);
            for (int y = 0; y < height; y++)
            {
                result[(y * width) + x] = column[y];
            }
        }

        return result;
    }
}

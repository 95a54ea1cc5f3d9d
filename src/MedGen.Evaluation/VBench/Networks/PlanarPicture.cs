using MedGen.Evaluation.VBench.Dimensions;
using static TorchSharp.torch;

namespace MedGen.Evaluation.VBench.Networks;

/// <summary>
/// A frame as networks take it, and the preparations that VBench's have: torch's own interpolation without antialiasing on float32, as upstream
/// calls it.
/// </summary>
/// <param name="Numbers">[3, Height, Width], R, G, B planes.</param>
/// <param name="Width">Width in px.</param>
/// <param name="Height">Height in px.</param>
internal sealed record PlanarPicture(float[] Numbers, int Width, int Height)
{
    private const int Channels = 3;

    /// <summary>Numbers and their dimensions.</summary>
    /// <param name="Shape">The dimensions.</param>
    /// <param name="Numbers">The last dimension fastest.</param>
    public sealed record Values(IReadOnlyList<long> Shape, float[] Numbers);

    /// <summary>A frame, its bytes as numbers of 0 to 255.</summary>
    public static PlanarPicture Of(ClipFrame frame)
    {
        int plane = frame.Width * frame.Height;
        float[] numbers = new float[Channels * plane];
        for (int i = 0; i < plane; i++)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                numbers[(channel * plane) + i] = frame.Pixels[(i * Channels) + channel];
            }
        }

        return new PlanarPicture(numbers, frame.Width, frame.Height);
    }

    /// <summary>All numbers over a divisor.</summary>
    public PlanarPicture Over(float divisor) => this with { Numbers = Array.ConvertAll(Numbers, value => value / divisor) };

    /// <summary>Each channel less its mean, over its deviation.</summary>
    public PlanarPicture Normalise(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        float[] numbers = new float[Numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            int channel = i / (Width * Height);
            numbers[i] = (Numbers[i] - mean[channel]) / deviation[channel];
        }

        return this with { Numbers = numbers };
    }

    /// <summary>Scales so that the shorter side is <paramref name="side"/>; the longer one is rounded down, as torchvision does.</summary>
    public PlanarPicture ScaleShorterTo(int side, InterpolationMode mode) => Width <= Height
        ? Scale(side, (int)((long)side * Height / Width), mode)
        : Scale((int)((long)side * Width / Height), side, mode);

    /// <summary>Scales so that the longer side is <paramref name="side"/> if it is more; both are rounded down.</summary>
    public PlanarPicture ScaleLongerDownTo(int side)
    {
        double scale = (double)side / Math.Max(Width, Height);
        return scale >= 1 ? this : Scale((int)(scale * Width), (int)(scale * Height), InterpolationMode.Bilinear);
    }

    /// <summary>The middle of <paramref name="side"/> × <paramref name="side"/> px; the picture is at least as large.</summary>
    public PlanarPicture CutMiddle(int side)
    {
        (int left, int top) = ((int)Math.Round((Width - side) / 2.0), (int)Math.Round((Height - side) / 2.0));
        return Gather(side, side, left, top);
    }

    /// <summary>Repeats the edges on both sides until width and height are multiples; the odd pixel comes at the right and below.</summary>
    public PlanarPicture PadTo(int multiple)
    {
        (int across, int down) = (Missing(Width, multiple), Missing(Height, multiple));
        return across + down == 0 ? this : Gather(Width + across, Height + down, -(across / 2), -(down / 2));
    }

    /// <summary>
    /// The opposite of <see cref="PadTo"/>: a picture of the earlier size as a frame; numbers of 0 to 1 become bytes, rounded down.
    /// </summary>
    public ClipFrame ToFrame(int width, int height)
    {
        PlanarPicture inner = Gather(width, height, (Width - width) / 2, (Height - height) / 2);
        byte[] pixels = new byte[Channels * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp(inner.Numbers[(i % Channels * width * height) + (i / Channels)] * 255f, 0f, 255f);
        }

        return new ClipFrame(pixels, width, height);
    }

    private static int Missing(int size, int multiple) => (multiple - (size % multiple)) % multiple;

    private PlanarPicture Scale(int width, int height, InterpolationMode mode)
    {
        if ((width, height) == (Width, Height))
        {
            return this;
        }

        using var scope = NewDisposeScope();
        Tensor picture = tensor(Numbers).reshape(1, Channels, Height, Width);
        Tensor scaled = nn.functional.interpolate(picture, [height, width], mode: mode, align_corners: false); // [1, 3, height, width]
        return new PlanarPicture(scaled.contiguous().data<float>().ToArray(), width, height);
    }

    // What lies outside takes the value of the nearest edge.
    private PlanarPicture Gather(int width, int height, int left, int top)
    {
        float[] numbers = new float[Channels * width * height];
        for (int i = 0; i < numbers.Length; i++)
        {
            (int channel, int place) = Math.DivRem(i, width * height);
            int x = Math.Clamp((place % width) + left, 0, Width - 1);
            int y = Math.Clamp((place / width) + top, 0, Height - 1);
            numbers[i] = Numbers[(((channel * Height) + y) * Width) + x];
        }

        return new PlanarPicture(numbers, width, height);
    }
}

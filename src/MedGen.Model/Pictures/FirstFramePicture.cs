using MedGen.Model.Pipelines;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using static TorchSharp.torch;

namespace MedGen.Model.Pictures;

/// <summary>The picture that a clip begins with, as the autoencoder takes it (Wan2.2 <c>wan/textimage2video.py</c>, <c>i2v</c>).</summary>
internal static class FirstFramePicture
{
    /// <summary>Brings a picture to the clip's size.</summary>
    /// <param name="picture">The picture, of any size.</param>
    /// <param name="width">Width of the clip in px.</param>
    /// <param name="height">Height of the clip in px.</param>
    /// <param name="fit">How.</param>
    /// <returns>[1, 3, 1, height, width] in [-1, 1], float32, on the CPU.</returns>
    public static Tensor Fit(VideoFrame picture, int width, int height, FirstFrameFit fit)
    {
        (double across, double down) = ((double)width / picture.Width, (double)height / picture.Height);
        double scale = fit == FirstFrameFit.Crop ? Math.Max(across, down) : Math.Min(across, down);

        // At least one pixel, for a picture that is all breadth; at most the clip's side, for one that is padded.
        int scaledWidth = Math.Max(1, (int)Math.Round(picture.Width * scale, MidpointRounding.ToEven));
        int scaledHeight = Math.Max(1, (int)Math.Round(picture.Height * scale, MidpointRounding.ToEven));
        byte[] scaled = LanczosResize.Apply(picture.Pixels.Span, picture.Width, picture.Height, scaledWidth, scaledHeight);
        using VideoFrame frame = VideoFrame.Rent(width, height, 0, TimeSpan.Zero);
        Span<byte> pixels = frame.WritablePixels.Span;
        pixels.Clear();

        // Of the larger one of picture and clip the middle.
        (int fromX, int toX, int columns) = Middle(scaledWidth, width);
        (int fromY, int toY, int rows) = Middle(scaledHeight, height);
        for (int row = 0; row < rows; row++)
        {
            scaled.AsSpan((((fromY + row) * scaledWidth) + fromX) * 3, columns * 3).CopyTo(pixels[((((toY + row) * width) + toX) * 3)..]);
        }

        return FramePixels.ToVideo([frame]);
    }

    private static (int From, int To, int Count) Middle(int scaled, int side) =>
        scaled >= side ? ((scaled - side) / 2, 0, side) : (0, (side - scaled) / 2, scaled);
}

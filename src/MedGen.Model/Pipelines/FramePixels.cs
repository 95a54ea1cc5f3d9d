using MedGen.Sdk.Frames;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>Between tensors in [-1, 1] and RGB24 frames.</summary>
internal static class FramePixels
{
    /// <summary>Clamps, scales to 0 to 255 and truncates, as the reference exports.</summary>
    /// <param name="video">[1, 3, T, H, W], about [-1, 1], any device.</param>
    /// <param name="firstIndex">Position of the first frame in its clip.</param>
    /// <param name="framesPerSecond">Frame rate of the clip.</param>
    /// <returns>T frames that the caller owns.</returns>
    public static IReadOnlyList<VideoFrame> ToFrames(Tensor video, int firstIndex, double framesPerSecond)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = ((video.to_type(ScalarType.Float32).clamp(-1, 1) + 1) / 2 * 255).to_type(ScalarType.Byte); // [1, 3, T, H, W]
        pixels = pixels.squeeze(0).permute(1, 2, 3, 0).contiguous().cpu(); // [T, H, W, 3]
        (int height, int width) = ((int)pixels.shape[1], (int)pixels.shape[2]);
        Span<byte> bytes = pixels.bytes;
        List<VideoFrame> frames = [];
        for (int i = 0; i < pixels.shape[0]; i++)
        {
            int index = firstIndex + i;
            VideoFrame frame = VideoFrame.Rent(width, height, index, TimeSpan.FromSeconds(index / framesPerSecond));
            bytes.Slice(i * frame.Pixels.Length, frame.Pixels.Length).CopyTo(frame.WritablePixels.Span);
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>Puts frames of one size together.</summary>
    /// <returns>[1, 3, T, H, W] in [-1, 1], float32, on the CPU.</returns>
    public static Tensor ToVideo(IReadOnlyList<VideoFrame> frames)
    {
        using var scope = NewDisposeScope();
        List<Tensor> pictures = [];
        foreach (VideoFrame frame in frames)
        {
            Tensor pixels = empty([frame.Height, frame.Width, 3], ScalarType.Byte); // [H, W, 3]
            pixels.bytes = frame.WritablePixels.Span;
            pictures.Add(pixels);
        }

        Tensor video = stack(pictures).permute(3, 0, 1, 2).unsqueeze(0); // [1, 3, T, H, W]
        return (video.to_type(ScalarType.Float32) / 127.5 - 1).contiguous().MoveToOuterDisposeScope();
    }
}

using static TorchSharp.torch;

namespace MedGen.Training.Running;

/// <summary>Between R, G, B bytes and tensors in [-1, 1].</summary>
internal static class PixelTensors
{
    /// <summary>Puts clips together.</summary>
    /// <param name="pixels">Bytes of B clips, frame by frame, row by row.</param>
    /// <param name="clips">B.</param>
    /// <param name="frames">T.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="device">Where to; the bytes travel, not the floats.</param>
    /// <returns>[B, 3, T, H, W], float32, in the current dispose scope.</returns>
    public static Tensor ToVideo(byte[] pixels, int clips, int frames, int height, int width, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor bytes = tensor(pixels, [clips, frames, height, width, 3], ScalarType.Byte).to(device);
        return ((bytes.permute(0, 4, 1, 2, 3).to_type(ScalarType.Float32) / 127.5) - 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Takes one frame out of a video.</summary>
    /// <param name="video">[B, 3, T, H, W], about [-1, 1].</param>
    /// <param name="clip">Which clip.</param>
    /// <param name="frame">Which frame.</param>
    /// <returns>R, G, B bytes.</returns>
    public static byte[] ToBytes(Tensor video, long clip, long frame)
    {
        using var scope = NewDisposeScope();
        Tensor picture = video.select(0, clip).select(1, frame).permute(1, 2, 0); // [H, W, 3]
        return ((picture.to_type(ScalarType.Float32).clamp(-1, 1) + 1) * 127.5).round().to_type(ScalarType.Byte).contiguous().cpu().data<byte>()
            .ToArray();
    }
}

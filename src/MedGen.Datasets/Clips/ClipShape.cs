using System.Globalization;

namespace MedGen.Datasets.Clips;

/// <summary>Size that clips are read at.</summary>
/// <param name="Width">Width in px.</param>
/// <param name="Height">Height in px.</param>
/// <param name="Frames">Frames; 1: a still.</param>
/// <param name="FramesPerSecond">Frames per second.</param>
public readonly record struct ClipShape(int Width, int Height, int Frames, double FramesPerSecond)
{
    /// <summary>Bytes of a clip: frames × height × width × RGB.</summary>
    public int Bytes => Frames * FrameBytes;

    /// <summary>Bytes of a frame.</summary>
    public int FrameBytes => Height * Width * 3;

    /// <summary>Part of a cache key.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}x{Frames}@{(Frames == 1 ? 0 : FramesPerSecond)}");
}

namespace MedGen.Media.Cutting;

/// <summary>A piece of a film.</summary>
public sealed record VideoCut
{
    /// <summary>Codecs whose packets may lie in MP4, by ffmpeg's names: films of these can be cut without encoding.</summary>
    public static IReadOnlyList<string> CopyableCodecs { get; } = ["h264", "hevc", "mpeg4", "av1", "vp9"];

    /// <summary>First moment, from the start of the film. A copy begins with the keyframe at this time, or else with the one before it.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>
    /// Moment after the last frame. A copy ends with the packets that are stored before it: where frames are stored in another order than shown, a
    /// few shown after it are there, and some between them are not; each that is there is whole.
    /// </summary>
    public required TimeSpan End { get; init; }

    /// <summary>Whether the pictures are encoded anew (H.264, constant rate factor 18); else their packets are copied unchanged.</summary>
    public bool Encode { get; init; }

    /// <summary>The part of the picture that is kept, which needs <see cref="Encode"/>; null: all.</summary>
    public PictureCrop? Crop { get; init; }
}

/// <summary>A part of a picture, in px as displayed.</summary>
/// <param name="Left">From the left.</param>
/// <param name="Top">From the top.</param>
/// <param name="Width">Width, above 0.</param>
/// <param name="Height">Height, above 0.</param>
public sealed record PictureCrop(int Left, int Top, int Width, int Height);

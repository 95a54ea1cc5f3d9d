namespace MedGen.Sdk.Frames;

/// <summary>What is known of a clip before its frames are decoded. Sizes are as displayed: rotation is already applied.</summary>
public sealed record VideoInfo
{
    /// <summary>Width in px as displayed.</summary>
    public required int Width { get; init; }

    /// <summary>Height in px as displayed.</summary>
    public required int Height { get; init; }

    /// <summary>Mean frame rate in frames per second; null for a still and for a live stream that states none.</summary>
    public double? FrameRate { get; init; }

    /// <summary>Duration, by the times of the frames where the file states none; null for a still and for a live stream.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Number of frames; null when the source does not state it.</summary>
    public long? FrameCount { get; init; }

    /// <summary>Whether the intervals between frames differ.</summary>
    public bool IsVariableFrameRate { get; init; }

    /// <summary>
    /// Clockwise rotation in degrees that the container, or the EXIF orientation of a still, asks for and that the frames have undergone:
    /// 0, 90, 180 or 270. A still that is stored mirrored is mirrored back, left to right, before it is turned.
    /// </summary>
    public int RotationDegrees { get; init; }

    /// <summary>Format of the frames that are read without <see cref="FrameSampling.Format"/>.</summary>
    public FrameFormat Format { get; init; }

    /// <summary>Formats in which frames can be read.</summary>
    public IReadOnlyList<FrameFormat> Formats { get; init; } = [FrameFormat.Rgb24];

    /// <summary>What values in <see cref="FrameFormat.Gray16"/> measure; null: the clip has no such values.</summary>
    public ValueScale? Values { get; init; }

    /// <summary>Size of a pixel of the source, at <see cref="Width"/> and <see cref="Height"/>; null: the file does not state it.</summary>
    public PixelSpacing? Spacing { get; init; }

    /// <summary>With what it was recorded; null: the file does not state it.</summary>
    public Acquisition? Acquisition { get; init; }

    /// <summary>
    /// When each frame appears, from the first on, where the file says it frame by frame (DICOM's Frame Time Vector); empty: by the rate.
    /// </summary>
    public IReadOnlyList<TimeSpan> FrameTimes { get; init; } = [];

    /// <summary>Bits per component in the source (8, 10, 12, …); frames have 8, but for <see cref="FrameFormat.Gray16"/>.</summary>
    public int BitDepth { get; init; } = 8;

    /// <summary>ffmpeg's name of the source's pixel format, for instance <c>yuv420p</c>.</summary>
    public string? PixelFormat { get; init; }

    /// <summary>Codec name, for instance <c>h264</c>.</summary>
    public string? Codec { get; init; }

    /// <summary>Container format name, for instance <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</summary>
    public string? Container { get; init; }

    /// <summary>Whether the source has an audio stream.</summary>
    public bool HasAudio { get; init; }
}

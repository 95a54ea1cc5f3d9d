namespace MedGen.Sdk.Frames;

/// <summary>Which frames of a clip are wanted and at what size. The default is every frame at its own size.</summary>
public sealed record FrameSampling
{
    /// <summary>Every frame at the source's size.</summary>
    public static FrameSampling All { get; } = new();

    /// <summary>
    /// Frames per second of presentation time; each grid point takes the frame that is on display then. Null: every frame once.
    /// Above 0, at most 240.
    /// </summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Frames before this presentation time are left out.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>The stream ends after this many frames; null: no limit. At least 1.</summary>
    public int? MaxFrames { get; init; }

    /// <summary>How pixels are wanted, one of <see cref="VideoInfo.Formats"/>; null: as <see cref="VideoInfo.Format"/> says.</summary>
    public FrameFormat? Format { get; init; }

    /// <summary>Width in px to scale to; give both or neither.</summary>
    public int? Width { get; init; }

    /// <summary>Height in px to scale to; give both or neither.</summary>
    public int? Height { get; init; }
}

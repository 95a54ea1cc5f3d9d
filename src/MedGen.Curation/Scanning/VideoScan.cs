namespace MedGen.Curation.Scanning;

/// <summary>What the one pass over a film saw; the stages judge by it without decoding again.</summary>
internal sealed record VideoScan
{
    /// <summary>Width of the frames looked at, in px.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the frames looked at, in px.</summary>
    public required int Height { get; init; }

    /// <summary>The frames in order, at the rate of the specification.</summary>
    public required IReadOnlyList<ScanFrame> Frames { get; init; }

    /// <summary>The seconds in order.</summary>
    public required IReadOnlyList<ScanSecond> Seconds { get; init; }

    /// <summary>Why the pass ended before the end of the film; null: it did not.</summary>
    public string? BrokenOff { get; init; }

    /// <summary>Why the film is not looked at frame by frame: its keyframes show nothing medical; null: it is.</summary>
    public string? NotMedical { get; init; }

    /// <summary>Frames within a piece.</summary>
    public IEnumerable<ScanFrame> FramesIn(double start, double end) => Frames.Where(frame => frame.Time >= start && frame.Time < end);

    /// <summary>Seconds that begin within a piece.</summary>
    public IEnumerable<ScanSecond> SecondsIn(double start, double end) => Seconds.Where(second => second.Time >= start && second.Time < end);
}

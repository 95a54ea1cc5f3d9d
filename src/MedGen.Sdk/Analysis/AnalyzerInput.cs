using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Analysis;

/// <summary>A clip that an analyzer takes.</summary>
public sealed record AnalyzerInput
{
    /// <summary>
    /// What the clip is in the analysis, for instance <c>a4c</c>; lower-case letters, digits and hyphens, 1 to 64. Default <c>clip</c>.
    /// </summary>
    public string Role { get; init; } = "clip";

    /// <summary>What the clip should show, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Whether frames may come while they are made; only an analyzer with one input can say so. Default: yes.</summary>
    public bool Live { get; init; } = true;

    /// <summary>Whether a stored clip or still may be given. Default: yes.</summary>
    public bool Stored { get; init; } = true;

    /// <summary>Least number of frames, at least 1. Default 1.</summary>
    public int LeastFrames { get; init; } = 1;

    /// <summary>Least width and height in px, at least 1. Default 1.</summary>
    public int LeastSide { get; init; } = 1;

    /// <summary>
    /// Formats of frames that it takes, 1 to 3, the best first, each once. Frames come in the first one that the clip has; every clip has
    /// <see cref="FrameFormat.Rgb24"/> and <see cref="FrameFormat.Gray8"/>. Where none fits, the analysis fails by name. An input that takes live
    /// clips must take one of these two. Default: RGB24.
    /// </summary>
    public IReadOnlyList<FrameFormat> Formats { get; init; } = [FrameFormat.Rgb24];
}

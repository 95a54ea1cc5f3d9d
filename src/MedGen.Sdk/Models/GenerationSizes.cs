using MedGen.Sdk.Generation;

namespace MedGen.Sdk.Models;

/// <summary>
/// The sizes of clips that a model makes, within <see cref="GenerationLimits"/>: width and height are multiples of a step, and the number of frames
/// is <see cref="FrameStep"/> · k + <see cref="FrameOffset"/>. Those of Wan 2.1 unless something else is said.
/// </summary>
public sealed record GenerationSizes
{
    /// <summary>Width is a multiple of this, in px; the least width. Default 16.</summary>
    public int WidthStep { get; init; } = 16;

    /// <summary>Height is a multiple of this, in px; the least height. Default 16.</summary>
    public int HeightStep { get; init; } = 16;

    /// <summary>From one number of frames to the next. Default 4.</summary>
    public int FrameStep { get; init; } = 4;

    /// <summary>The least number of frames. Default 1.</summary>
    public int FrameOffset { get; init; } = 1;
}

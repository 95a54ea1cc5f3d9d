using MedGen.Sdk.Frames;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>What a clip is generated from beside its prompt; by default nothing else.</summary>
internal sealed record ClipStart
{
    /// <summary>A clip to send back to noise; null: from noise.</summary>
    public IReadOnlyList<VideoFrame>? SourceFrames { get; init; }

    /// <summary>With <see cref="SourceFrames"/>: how much of the way.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>The picture that the clip begins with; null: none.</summary>
    public VideoFrame? FirstFrame { get; init; }
}

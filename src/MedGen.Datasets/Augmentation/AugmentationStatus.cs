using MedGen.Sdk.Frames;

namespace MedGen.Datasets.Augmentation;

/// <summary>How far an augmentation is.</summary>
public sealed record AugmentationStatus
{
    /// <summary>What is done now.</summary>
    public required AugmentationStage Stage { get; init; }

    /// <summary>Units of the stage that are done: clips, or optimiser steps.</summary>
    public required int Done { get; init; }

    /// <summary>Units of the stage in all.</summary>
    public required int Total { get; init; }

    /// <summary>Clips made so far.</summary>
    public int Made { get; init; }

    /// <summary>Clips kept so far.</summary>
    public int Kept { get; init; }

    /// <summary>Clips refused so far, by filter.</summary>
    public IReadOnlyDictionary<string, int> Rejected { get; init; } = new Dictionary<string, int>();

    /// <summary>Expected time to the end of the stage; null: not known yet.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>Middle frame of the clip that was kept last; the receiver does not dispose it. Null: none this time.</summary>
    public VideoFrame? Preview { get; init; }
}

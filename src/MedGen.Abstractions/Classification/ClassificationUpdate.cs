namespace MedGen.Abstractions.Classification;

/// <summary>What a running classification says.</summary>
public abstract record ClassificationUpdate;

/// <summary>The answer for one analysed frame.</summary>
public sealed record FramePrediction : ClassificationUpdate
{
    /// <summary>Zero-based position of the frame in its source.</summary>
    public required long FrameIndex { get; init; }

    /// <summary>Presentation time of the frame.</summary>
    public required TimeSpan Timestamp { get; init; }

    /// <summary>Most probable label, or the abstention label.</summary>
    public required string Label { get; init; }

    /// <summary>Calibrated probabilities in the order of <see cref="ClassifierDescription.Labels"/>; each in [0, 1], their sum is 1.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }
}

/// <summary>The answer for the whole clip.</summary>
public sealed record ClipPrediction : ClassificationUpdate
{
    /// <summary>Most probable label, or the abstention label.</summary>
    public required string Label { get; init; }

    /// <summary>Probability of the most probable label (also when it was withheld), in [0, 1].</summary>
    public required double Probability { get; init; }

    /// <summary>Calibrated probabilities in the order of <see cref="ClassifierDescription.Labels"/>; each in [0, 1], their sum is 1.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Whether the classifier declined to name a label.</summary>
    public required bool Abstained { get; init; }

    /// <summary>Number of frames that were analysed.</summary>
    public required int FrameCount { get; init; }
}

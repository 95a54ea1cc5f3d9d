namespace MedGen.Sdk.Classification;

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

    /// <summary>Entropy of the probabilities in nats, at least 0; null: the classifier does not give it.</summary>
    public double? Entropy { get; init; }

    /// <summary>
    /// Whether the label may still be taken back; <see cref="PredictionState.Unstated"/> for classifiers that look at each frame alone.
    /// </summary>
    public PredictionState State { get; init; }

    /// <summary>Since when the label has been the answer without a break, as presentation time; null: the classifier does not give it.</summary>
    public TimeSpan? Since { get; init; }
}

/// <summary>The classifier holds that one label has given way to another; follows the <see cref="FramePrediction"/> that decided it.</summary>
public sealed record TransitionDetected : ClassificationUpdate
{
    /// <summary>The label before.</summary>
    public required string From { get; init; }

    /// <summary>The label after.</summary>
    public required string To { get; init; }

    /// <summary>Presentation time of the frame at which it was decided.</summary>
    public required TimeSpan DetectedAt { get; init; }

    /// <summary>Presentation time at which the new label probably began; at most <see cref="DetectedAt"/>.</summary>
    public required TimeSpan OnsetEstimate { get; init; }

    /// <summary>Mean probability of the new label from its onset to the decision, in [0, 1].</summary>
    public required double Confidence { get; init; }

    /// <summary>Whether the workflow that the classifier knows has this change.</summary>
    public required bool IsLegal { get; init; }
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

    /// <summary>The course of the clip; null for classifiers that give the clip one label.</summary>
    public ClipTimeline? Timeline { get; init; }
}

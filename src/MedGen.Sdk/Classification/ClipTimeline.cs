namespace MedGen.Sdk.Classification;

/// <summary>The course of a clip: which label holds when. Times are presentation times since the start of the source.</summary>
public sealed record ClipTimeline
{
    /// <summary>The segments in order; neighbours have different labels.</summary>
    public required IReadOnlyList<LabelSegment> Segments { get; init; }

    /// <summary>Labels that no segment has.</summary>
    public required IReadOnlyList<string> MissingLabels { get; init; }

    /// <summary>Labels that come back after another one.</summary>
    public required IReadOnlyList<string> RepeatedLabels { get; init; }

    /// <summary>Intervals in which no label is probable enough to be relied on.</summary>
    public required IReadOnlyList<LowConfidenceInterval> LowConfidence { get; init; }

    /// <summary>The final answer for each analysed frame of a stored clip; empty for a live one, whose frames have all been told.</summary>
    public required IReadOnlyList<TimelineFrame> Frames { get; init; }

    /// <summary>
    /// Whether the whole clip was looked at before the course was decided; false: each moment was decided from it and what came before.
    /// </summary>
    public required bool IsRefined { get; init; }
}

/// <summary>A part of a clip with one label.</summary>
public sealed record LabelSegment
{
    /// <summary>The label, or the classifier's abstention label where it declines to name one.</summary>
    public required string Label { get; init; }

    /// <summary>Where it begins.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>Where it ends; after <see cref="Start"/>.</summary>
    public required TimeSpan End { get; init; }

    /// <summary>Mean probability of the label in the segment, in [0, 1]; 0 for the abstention label.</summary>
    public required double MeanProbability { get; init; }

    /// <summary>Whether the workflow has the change from the segment before; true for the first segment.</summary>
    public required bool IsLegal { get; init; }
}

/// <summary>A part of a clip in which no label is probable.</summary>
public sealed record LowConfidenceInterval
{
    /// <summary>Where it begins.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>Where it ends; after <see cref="Start"/>.</summary>
    public required TimeSpan End { get; init; }

    /// <summary>Least value of the largest probability in the interval, in [0, 1].</summary>
    public required double LeastProbability { get; init; }
}

/// <summary>The final answer for one analysed frame.</summary>
public sealed record TimelineFrame
{
    /// <summary>Zero-based position of the frame in its source.</summary>
    public required long FrameIndex { get; init; }

    /// <summary>Presentation time of the frame.</summary>
    public required TimeSpan Timestamp { get; init; }

    /// <summary>The label of its segment, or the abstention label.</summary>
    public required string Label { get; init; }

    /// <summary>Calibrated probabilities in the order of <see cref="ClassifierDescription.Labels"/>; each in [0, 1], their sum is 1.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }
}

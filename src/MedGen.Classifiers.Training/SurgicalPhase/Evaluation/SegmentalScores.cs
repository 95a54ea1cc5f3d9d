namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>How well predicted segments fit the true ones.</summary>
public sealed record SegmentalScores
{
    /// <summary>Mean over videos of 100 · (1 − edit distance of the segments' phases / larger number of segments) (Lea et al. 2016).</summary>
    public required double Edit { get; init; }

    /// <summary>F1 in percent over the segments of all videos at an intersection over union of at least 0.10 (Lea et al. 2017).</summary>
    public required double F1At10 { get; init; }

    /// <summary>The same at 0.25.</summary>
    public required double F1At25 { get; init; }

    /// <summary>The same at 0.50.</summary>
    public required double F1At50 { get; init; }

    /// <summary>Mean over videos of predicted segments per true segment; 1 is right.</summary>
    public required double OverSegmentation { get; init; }

    /// <summary>
    /// Median in s of a true transition's delay: the predicted onset of its phase that is nearest to the true one, between the true onsets of the
    /// segment before and of the one after; negative when early. Null: no transition was found.
    /// </summary>
    public required double? TransitionDelayMedian { get; init; }

    /// <summary>90th percentile of the same delays, in s.</summary>
    public required double? TransitionDelayP90 { get; init; }

    /// <summary>True transitions.</summary>
    public required int Transitions { get; init; }

    /// <summary>True transitions without a predicted onset there.</summary>
    public required int MissedTransitions { get; init; }
}

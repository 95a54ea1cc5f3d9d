namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>
/// The figures of one video, in percent, at most 100. Null for a phase that the video does not show; in the precision also for one never predicted.
/// </summary>
public sealed record VideoPhaseScores
{
    /// <summary>The video.</summary>
    public required string Video { get; init; }

    /// <summary>Evaluated frames.</summary>
    public required int Frames { get; init; }

    /// <summary>Share of right frames.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Right frames among those of the phase or predicted as it, over the predicted ones; by phase.</summary>
    public required IReadOnlyList<double?> Precision { get; init; }

    /// <summary>The same right frames over those of the phase; by phase.</summary>
    public required IReadOnlyList<double?> Recall { get; init; }

    /// <summary>The same right frames over those of the phase or predicted as it; by phase.</summary>
    public required IReadOnlyList<double?> Jaccard { get; init; }
}

namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>
/// How well phases were recognised. Shares are in percent, as they are published. Lists by phase are in the order of <see cref="Phases"/>; null
/// stands for a phase without a value: no video shows it, or (precision) it was never predicted.
/// </summary>
public sealed record PhaseEvaluation
{
    /// <summary>When a frame counts as right.</summary>
    public required PhaseProtocol Protocol { get; init; }

    /// <summary>Evaluated frames per second.</summary>
    public required double Fps { get; init; }

    /// <summary>Frames beside a true boundary in which the relaxed protocols forgive; 0 under the strict one.</summary>
    public required int BoundaryFrames { get; init; }

    /// <summary>Names of the phases.</summary>
    public required IReadOnlyList<string> Phases { get; init; }

    /// <summary>Number of videos.</summary>
    public required int Videos { get; init; }

    /// <summary>Number of evaluated frames.</summary>
    public required long Frames { get; init; }

    /// <summary>Mean over videos of the share of right frames.</summary>
    public required double AccuracyMean { get; init; }

    /// <summary>Standard deviation over videos (N − 1).</summary>
    public required double AccuracyStd { get; init; }

    /// <summary>Mean over phases of the phases' means over videos.</summary>
    public required double? Precision { get; init; }

    /// <summary>Standard deviation of the phases' means (N − 1).</summary>
    public required double? PrecisionStd { get; init; }

    /// <summary>Mean over videos of each phase.</summary>
    public required IReadOnlyList<double?> PrecisionPerPhase { get; init; }

    /// <summary>Standard deviation over videos of each phase (N − 1).</summary>
    public required IReadOnlyList<double?> PrecisionStdPerPhase { get; init; }

    /// <summary>Mean over phases of the phases' means over videos.</summary>
    public required double? Recall { get; init; }

    /// <summary>Standard deviation of the phases' means (N − 1).</summary>
    public required double? RecallStd { get; init; }

    /// <summary>Mean over videos of each phase.</summary>
    public required IReadOnlyList<double?> RecallPerPhase { get; init; }

    /// <summary>Standard deviation over videos of each phase (N − 1).</summary>
    public required IReadOnlyList<double?> RecallStdPerPhase { get; init; }

    /// <summary>Mean over phases of the phases' means over videos.</summary>
    public required double? Jaccard { get; init; }

    /// <summary>Standard deviation of the phases' means (N − 1).</summary>
    public required double? JaccardStd { get; init; }

    /// <summary>Mean over videos of each phase.</summary>
    public required IReadOnlyList<double?> JaccardPerPhase { get; init; }

    /// <summary>Standard deviation over videos of each phase (N − 1).</summary>
    public required IReadOnlyList<double?> JaccardStdPerPhase { get; init; }

    /// <summary>How well the segments fit, whatever the protocol.</summary>
    public required SegmentalScores Segments { get; init; }

    /// <summary>
    /// Expected calibration error of the largest probability (10 bins of equal width, all frames), 0 to 1; null without probabilities.
    /// </summary>
    public double? CalibrationError { get; init; }

    /// <summary>Frames by true phase (row) and predicted phase (column).</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Confusion { get; init; }

    /// <summary>Each video.</summary>
    public required IReadOnlyList<VideoPhaseScores> PerVideo { get; init; }
}

namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>The phases of one video, as annotated or as predicted.</summary>
public sealed record PhaseAnnotation
{
    /// <summary>The file that it comes from, or another name for messages.</summary>
    public required string Source { get; init; }

    /// <summary>Frame number of each line, ascending.</summary>
    public required IReadOnlyList<long> Frames { get; init; }

    /// <summary>Time of each line in s; null when the file has none.</summary>
    public IReadOnlyList<double>? Seconds { get; init; }

    /// <summary>Phase of each line, as a position from 0 in the workflow.</summary>
    public required IReadOnlyList<int> Phases { get; init; }

    /// <summary>Probability of each phase for each line; null when the file has none.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Probabilities { get; init; }
}

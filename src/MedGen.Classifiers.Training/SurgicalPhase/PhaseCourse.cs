namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>The recognised course of one video, an entry per analysed frame.</summary>
public sealed record PhaseCourse
{
    /// <summary>Names of the phases.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Presentation time of each frame in s.</summary>
    public required IReadOnlyList<double> Times { get; init; }

    /// <summary>Position of each frame in the video.</summary>
    public required IReadOnlyList<long> Frames { get; init; }

    /// <summary>Phase of each frame, a position in <see cref="Labels"/>.</summary>
    public required IReadOnlyList<int> Phases { get; init; }

    /// <summary>Probability of each phase for each frame.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Probabilities { get; init; }
}

namespace MedGen.Evaluation.Experiments;

/// <summary>A row of an experiment: how many clips were recognised as what was asked for.</summary>
public sealed record ExperimentRow
{
    /// <summary>What is counted, for instance <c>phase</c> or <c>modality</c>.</summary>
    public required string Series { get; init; }

    /// <summary>What was asked for.</summary>
    public required string Label { get; init; }

    /// <summary>Generated clips.</summary>
    public required int Clips { get; init; }

    /// <summary>Those recognised as asked for.</summary>
    public required int Right { get; init; }

    /// <summary>Simulated clips of the same, which are the ceiling; 0: there are none.</summary>
    public int ReferenceClips { get; init; }

    /// <summary>Those recognised as what they are.</summary>
    public int ReferenceRight { get; init; }

    /// <summary>Share that a guess reaches.</summary>
    public required double Chance { get; init; }

    /// <summary>Training clips that show it; null: not counted.</summary>
    public int? TrainedOn { get; init; }

    /// <summary>Share of the generated clips that were recognised; NaN: there is none.</summary>
    public double Share => Clips == 0 ? double.NaN : (double)Right / Clips;

    /// <summary>Its 95 % interval (Wilson 1927).</summary>
    public IReadOnlyList<double> Interval => Proportion.Wilson(Right, Clips);

    /// <summary>Share of the simulated clips that were recognised; NaN: there is none.</summary>
    public double ReferenceShare => ReferenceClips == 0 ? double.NaN : (double)ReferenceRight / ReferenceClips;
}

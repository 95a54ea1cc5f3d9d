namespace MedGen.Evaluation.Studies;

/// <summary>What one arm is trained on.</summary>
public sealed record StudyArm
{
    /// <summary>Name in the report.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the real training clips are in it. Default: yes.</summary>
    public bool Real { get; init; } = true;

    /// <summary>Whether real clips of rarer classes are repeated until all classes have as many.</summary>
    public bool Oversample { get; init; }

    /// <summary>Clips from pools: for each, how many for one real clip of the class, above 0, at most 100.</summary>
    public IReadOnlyDictionary<string, double> Pools { get; init; } = new Dictionary<string, double>();
}

namespace MedGen.Application.Jobs;

/// <summary>What an augmentation came to for one class.</summary>
public sealed record AugmentedClass
{
    /// <summary>The class.</summary>
    public required string Name { get; init; }

    /// <summary>Real training clips.</summary>
    public required int RealTraining { get; init; }

    /// <summary>Clips that were wanted.</summary>
    public required int Wanted { get; init; }

    /// <summary>Clips that were made and kept.</summary>
    public required int Kept { get; init; }
}

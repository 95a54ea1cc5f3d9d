namespace MedGen.Datasets.Running;

/// <summary>How many clips of a class there are.</summary>
public sealed record ClassOutline
{
    /// <summary>The class.</summary>
    public required string Name { get; init; }

    /// <summary>Clips to learn from.</summary>
    public required int Train { get; init; }

    /// <summary>Clips to choose by.</summary>
    public required int Validation { get; init; }

    /// <summary>Clips to judge by.</summary>
    public required int Test { get; init; }
}

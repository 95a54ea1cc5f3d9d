namespace MedGen.Training.Simulation;

/// <summary>Clips of one kind in a data set. Every clip shows another simulated patient, so no patient is in two splits.</summary>
public sealed record PhantomDatasetPart
{
    /// <summary>The kind: <c>medgen phantom list</c> names them.</summary>
    public required string Kind { get; init; }

    /// <summary>Clips for training, 0 to 1,000,000.</summary>
    public int Train { get; init; }

    /// <summary>Clips for validation, 0 to 1,000,000.</summary>
    public int Validation { get; init; }

    /// <summary>Clips for testing, 0 to 1,000,000.</summary>
    public int Test { get; init; }

    /// <summary>Parameters to fix, by name; the others are drawn.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}

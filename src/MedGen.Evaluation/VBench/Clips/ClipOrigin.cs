namespace MedGen.Evaluation.VBench.Clips;

/// <summary>How the clips of a benchmark were made.</summary>
public sealed record ClipOrigin
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Identity of its weights.</summary>
    public required string Hash { get; init; }

    /// <summary>Seed of the first clip of each prompt.</summary>
    public required long Seed { get; init; }

    /// <summary>Clips for each prompt.</summary>
    public required int ClipsPerPrompt { get; init; }

    /// <summary>Size, length, sampling and encoding in words.</summary>
    public required string Sampling { get; init; }
}

namespace MedGen.Application.Erasure;

/// <summary>What is to be erased; exactly one is set.</summary>
public sealed record ErasureTarget
{
    /// <summary>One artifact.</summary>
    public string? ArtifactId { get; init; }

    /// <summary>Everything of a caller, by name.</summary>
    public string? Owner { get; init; }

    /// <summary>Everything of a patient, by pseudonym.</summary>
    public string? Patient { get; init; }
}

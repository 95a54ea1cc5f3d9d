using MedGen.Application.Idempotency;

namespace MedGen.Application.Artifacts;

/// <summary>An artifact to be stored.</summary>
public sealed record NewArtifact
{
    /// <summary>Name for people, without folders.</summary>
    public required string FileName { get; init; }

    /// <summary>Media type.</summary>
    public required string MediaType { get; init; }

    /// <summary>Name of the caller whose it will be.</summary>
    public required string Owner { get; init; }

    /// <summary>SHA-256 that the content must have, hex; null: any.</summary>
    public string? ExpectedSha256 { get; init; }

    /// <summary>How it was generated; null for an upload.</summary>
    public GenerationProvenance? Provenance { get; init; }

    /// <summary>Whether it is an archive with generated or altered clips in it, each of which says so itself.</summary>
    public bool HoldsSynthetic { get; init; }

    /// <summary>The caller's idempotency key; null: none.</summary>
    public IdempotencyClaim? Claim { get; init; }
}

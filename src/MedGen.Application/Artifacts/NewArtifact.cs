using MedGen.Application.Access;
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

    /// <summary>That caller's tenant.</summary>
    public string Tenant { get; init; } = Tenants.Default;

    /// <summary>Pseudonym of the patient whose it is; null: that of the job's inputs, where they are one patient's.</summary>
    public string? Patient { get; init; }

    /// <summary>Id of the job that made it, whose inputs are noted as its sources; null for an upload.</summary>
    public string? JobId { get; init; }

    /// <summary>Bytes that the content will have, which have their place before the first one comes; null: not known.</summary>
    public long? Size { get; init; }

    /// <summary>SHA-256 that the content must have, hex; null: any.</summary>
    public string? ExpectedSha256 { get; init; }

    /// <summary>How it was generated; null for an upload.</summary>
    public GenerationProvenance? Provenance { get; init; }

    /// <summary>What the host has signed of it (<see cref="Signing.ProvenanceStatement"/>); also in the file; null: nothing.</summary>
    public string? SignedProvenance { get; init; }

    /// <summary>Whether it is an archive with generated or altered clips in it, each of which says so itself.</summary>
    public bool HoldsSynthetic { get; init; }

    /// <summary>The caller's idempotency key; null: none.</summary>
    public IdempotencyClaim? Claim { get; init; }
}

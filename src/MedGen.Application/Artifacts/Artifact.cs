using MedGen.Application.Access;
using MedGen.Application.Auditing;

namespace MedGen.Application.Artifacts;

/// <summary>A stored file and what is known of it. The content never changes; two artifacts may share one content.</summary>
public sealed record Artifact : IAuditedAnswer, IOwned
{
    /// <summary>Id: 32 lower-case hex digits, in the order of creation.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people, without folders.</summary>
    public required string FileName { get; init; }

    /// <summary>Media type as declared, for instance <c>video/mp4</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the content, 64 lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Name of the caller who uploaded it or whose job made it.</summary>
    public required string Owner { get; init; }

    /// <summary>Tenant of its owner.</summary>
    public string Tenant { get; init; } = Tenants.Default;

    /// <summary>Pseudonym of the patient whose it is; null: none was stated, or it was made of clips of several.</summary>
    public string? Patient { get; init; }

    /// <summary>Id of the job that made it; null for an upload, and for augmented data sets from before it was noted.</summary>
    public string? JobId { get; init; }

    /// <summary>Why it must not be deleted; null: it may be.</summary>
    public LegalHold? Hold { get; init; }

    /// <summary>How it was generated; null for an upload.</summary>
    public GenerationProvenance? Provenance { get; init; }

    /// <summary>What the host has signed of it (<see cref="Signing.ProvenanceStatement"/>); also in the file; null: nothing.</summary>
    public string? SignedProvenance { get; init; }

    /// <summary>Whether it is an archive with generated or altered clips in it, each of which says so itself.</summary>
    public bool HoldsSynthetic { get; init; }

    /// <summary>Whether it, or what it holds, was generated here. False says nothing about where an upload came from.</summary>
    public bool Synthetic => Provenance is not null || HoldsSynthetic;

    /// <summary>How it came to be.</summary>
    public ArtifactKind Kind =>
        Provenance is not null ? ArtifactKind.GeneratedClip : HoldsSynthetic ? ArtifactKind.AugmentedDataset : ArtifactKind.Upload;

    string IOwned.Item => $"artifact:{Id}";

    string IAuditedAnswer.AuditSubject => $"artifact:{Id}";
}

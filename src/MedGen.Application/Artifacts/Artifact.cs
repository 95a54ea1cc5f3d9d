namespace MedGen.Application.Artifacts;

/// <summary>A stored file and what is known of it. The content never changes; two artifacts may share one content.</summary>
public sealed record Artifact
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

    /// <summary>How it was generated; null for an upload.</summary>
    public GenerationProvenance? Provenance { get; init; }

    /// <summary>Whether it is an archive with generated or altered clips in it, each of which says so itself.</summary>
    public bool HoldsSynthetic { get; init; }

    /// <summary>Whether it, or what it holds, was generated here. False says nothing about where an upload came from.</summary>
    public bool Synthetic => Provenance is not null || HoldsSynthetic;
}

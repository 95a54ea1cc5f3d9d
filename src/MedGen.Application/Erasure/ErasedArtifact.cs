using MedGen.Application.Artifacts;

namespace MedGen.Application.Erasure;

/// <summary>What remains to be told of an artifact that is gone.</summary>
public sealed record ErasedArtifact
{
    /// <summary>Its id.</summary>
    public required string ArtifactId { get; init; }

    /// <summary>How it had come to be.</summary>
    public required ArtifactKind Kind { get; init; }

    /// <summary>SHA-256 of its content, 64 lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Size of its content in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Whether another artifact has the same content, which therefore stays.</summary>
    public required bool ContentStays { get; init; }
}

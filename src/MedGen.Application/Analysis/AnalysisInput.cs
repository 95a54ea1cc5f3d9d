using System.ComponentModel.DataAnnotations;
using MedGen.Application.Validation;

namespace MedGen.Application.Analysis;

/// <summary>A stored clip and what it is in an analysis.</summary>
public sealed record AnalysisInput
{
    /// <summary>Role of the clip, as the analyzer's description has it; null where it takes one clip only.</summary>
    [Identifier]
    public string? Role { get; init; }

    /// <summary>Id of the artifact.</summary>
    [Identifier]
    public required string ArtifactId { get; init; }

    /// <summary>Ids of the other slices of the same DICOM series, which are one clip with it, in the order of their places; at most 4,095.</summary>
    [MaxLength(4095)]
    public IReadOnlyList<string> SliceArtifactIds { get; init; } = [];

    /// <summary>All its artifacts.</summary>
    internal IReadOnlyList<string> ArtifactIds => [ArtifactId, .. SliceArtifactIds];
}

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
}

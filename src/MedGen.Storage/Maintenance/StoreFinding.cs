namespace MedGen.Storage.Maintenance;

/// <summary>One thing that is wrong with a data folder.</summary>
public sealed record StoreFinding
{
    /// <summary>What it is.</summary>
    public required StoreFindingKind Kind { get; init; }

    /// <summary>Path below the data folder, or the id of a job.</summary>
    public required string Subject { get; init; }

    /// <summary>What was found, in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What helps.</summary>
    public required string Remedy { get; init; }

    /// <summary>Ids of the artifacts that it concerns.</summary>
    public IReadOnlyList<string> ArtifactIds { get; init; } = [];

    internal static StoreFinding Missing(StoredContent content) => new()
    {
        Kind = StoreFindingKind.ContentMissing,
        Subject = content.RelativePath,
        Message = "The content is missing, although nobody deleted the artifact.",
        Remedy = HealContent,
        ArtifactIds = content.ArtifactIds,
    };

    internal static StoreFinding Damaged(StoredContent content) => new()
    {
        Kind = StoreFindingKind.ContentDamaged,
        Subject = content.RelativePath,
        Message = "The content is not what was stored: its size or its SHA-256 differs.",
        Remedy = HealContent,
        ArtifactIds = content.ArtifactIds,
    };

    private const string HealContent = "Upload the same content again, or run 'medgen store repair --from BACKUP'.";
}

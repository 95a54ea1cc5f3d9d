using MedGen.Application.Auditing;

namespace MedGen.Application.Erasure;

/// <summary>What an erasure has done; kept by the store, so that it can be shown later.</summary>
public sealed record ErasureReceipt : IAuditedAnswer
{
    /// <summary>Id: 32 lower-case hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>When it was done.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Name of the caller who asked for it.</summary>
    public required string By { get; init; }

    /// <summary>What was meant.</summary>
    public required ErasureTarget Target { get; init; }

    /// <summary>Whether nothing was erased, and the lists say what would be.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Artifacts that are gone, oldest first.</summary>
    public required IReadOnlyList<ErasedArtifact> Artifacts { get; init; }

    /// <summary>Ids of jobs that are gone, with their prompts, events, checkpoints and folders.</summary>
    public required IReadOnlyList<string> Jobs { get; init; }

    /// <summary>What was meant and is still there.</summary>
    public required IReadOnlyList<KeptThing> Kept { get; init; }

    /// <summary>Caches that were emptied whole: <c>embeddings</c>.</summary>
    public IReadOnlyList<string> Emptied { get; init; } = [];

    /// <summary>
    /// What may still hold traces and is not the store's to erase: folders that erased jobs wrote to (<c>OUTPUT_FOLDER</c>), embeddings that
    /// could not be deleted (<c>CANNOT_BE_DELETED</c>), a database whose server keeps deleted rows for a while (<c>NOT_OVERWRITTEN</c>), and
    /// always backups (<c>EXPIRE_THEM</c>), what commands trained (<c>ERASE_BY_HAND</c>), and the audit log with its archives
    /// (<c>IDS_ONLY</c>).
    /// </summary>
    public IReadOnlyList<KeptThing> NotReached { get; init; } = [];

    string IAuditedAnswer.AuditSubject => $"erasure:{Id}";
}

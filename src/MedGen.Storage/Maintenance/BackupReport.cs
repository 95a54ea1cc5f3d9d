namespace MedGen.Storage.Maintenance;

/// <summary>What a backup holds, or would hold.</summary>
public sealed record BackupReport
{
    /// <summary>Full path of the data folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Full path of the backup.</summary>
    public required string Backup { get; init; }

    /// <summary>Whether a host ran on the data folder meanwhile.</summary>
    public required bool InUse { get; init; }

    /// <summary>Whether nothing was written.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Number of files.</summary>
    public required int Files { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Contents that are not in the backup, because they are damaged or missing in the data folder.</summary>
    public required IReadOnlyList<StoreFinding> Findings { get; init; }
}

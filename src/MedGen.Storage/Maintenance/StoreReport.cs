namespace MedGen.Storage.Maintenance;

/// <summary>What a look at a data folder has found.</summary>
public sealed record StoreReport
{
    /// <summary>Full path of the folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether a host ran on the folder meanwhile.</summary>
    public required bool InUse { get; init; }

    /// <summary>Contents that were looked at.</summary>
    public int Contents { get; init; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Everything that is wrong, the worst first.</summary>
    public required IReadOnlyList<StoreFinding> Findings { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsClean => Findings.Count == 0;
}

namespace MedGen.Storage.Maintenance;

/// <summary>What a repair has done, and what is still wrong.</summary>
public sealed record RepairReport
{
    /// <summary>Full path of the data folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether nothing was changed.</summary>
    public required bool DryRun { get; init; }

    /// <summary>What was done, in this order.</summary>
    public required IReadOnlyList<RepairAction> Actions { get; init; }

    /// <summary>What is still wrong; after a dry run, what is wrong now.</summary>
    public required IReadOnlyList<StoreFinding> Findings { get; init; }
}

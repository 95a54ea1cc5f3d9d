namespace MedGen.Storage.Maintenance;

/// <summary>One thing that a repair has done, or would do.</summary>
public sealed record RepairAction
{
    /// <summary>What it is.</summary>
    public required RepairActionKind Kind { get; init; }

    /// <summary>The file, by its path below the data folder.</summary>
    public required string Path { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }
}

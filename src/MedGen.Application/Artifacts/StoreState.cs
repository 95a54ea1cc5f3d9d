namespace MedGen.Application.Artifacts;

/// <summary>How the storage is.</summary>
public sealed record StoreState
{
    /// <summary>Bytes that can still be written.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Size of the disk in bytes.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Why nothing new is taken, in a sentence; null: there is room.</summary>
    public string? Shortage { get; init; }

    /// <summary>When the last whole scrub ended; null: none has.</summary>
    public DateTimeOffset? ScrubbedAt { get; init; }

    /// <summary>Contents that the last scrub found damaged or missing, the one that runs included.</summary>
    public int LostContents { get; init; }
}

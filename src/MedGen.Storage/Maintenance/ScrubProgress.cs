namespace MedGen.Storage.Maintenance;

/// <summary>How far the scheduled scrub is; kept in the database, so that a restart goes on where it was.</summary>
internal sealed record ScrubProgress
{
    /// <summary>Name of the fact.</summary>
    public const string Fact = "scrub";

    /// <summary>When the present or last one began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the last one ended that went through; null: none has.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Hash of the content that was read last; null: none is being read, the last one has ended.</summary>
    public string? After { get; init; }

    /// <summary>Contents read.</summary>
    public int Contents { get; init; }

    /// <summary>Contents that are damaged or missing.</summary>
    public int Lost { get; init; }
}

namespace MedGen.Application.Artifacts;

/// <summary>Why an artifact must not be deleted, by nobody and by no rule, until the hold is lifted.</summary>
public sealed record LegalHold
{
    /// <summary>Name of the caller who set it.</summary>
    public required string By { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The reason, for instance a file number.</summary>
    public required string Reason { get; init; }
}

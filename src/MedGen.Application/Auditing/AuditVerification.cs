namespace MedGen.Application.Auditing;

/// <summary>Whether the audit log is as it was written.</summary>
public sealed record AuditVerification
{
    /// <summary>Number of records that were read.</summary>
    public required long Records { get; init; }

    /// <summary>Sequence of the first record that was changed, or that follows a missing one; null: the log is whole.</summary>
    public long? FirstBroken { get; init; }

    /// <summary>
    /// Hash of the last record. Kept elsewhere, it also shows that records were cut off at the end, which a chain alone cannot tell.
    /// </summary>
    public required string LastHash { get; init; }
}

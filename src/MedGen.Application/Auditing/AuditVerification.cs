namespace MedGen.Application.Auditing;

/// <summary>Whether the audit log is as it was written.</summary>
public sealed record AuditVerification
{
    /// <summary>Number of records that were read in the log itself.</summary>
    public required long Records { get; init; }

    /// <summary>Number of records that were read in the archive files that are there.</summary>
    public long ArchivedRecords { get; init; }

    /// <summary>Sequence of the last record; 0: there is none.</summary>
    public required long LastSequence { get; init; }

    /// <summary>Hash of the last record.</summary>
    public required string LastHash { get; init; }

    /// <summary>Signed checkpoints that were checked, the anchor included.</summary>
    public int Checkpoints { get; init; }

    /// <summary>Everything that is wrong, in the order of the log; empty: the log is whole.</summary>
    public required IReadOnlyList<AuditFault> Faults { get; init; }

    /// <summary>Whether nothing was changed, removed or put in between, as far as the chain, the checkpoints and the anchor tell.</summary>
    public bool IsWhole => Faults.Count == 0;
}

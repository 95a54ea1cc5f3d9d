namespace MedGen.Application.Auditing;

/// <summary>The audit log: entries are added, never changed; each is chained to the one before it by its hash.</summary>
public interface IAuditLog
{
    /// <summary>Adds an entry. It is on disk when the task completes.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>The record.</returns>
    Task<AuditRecord> AppendAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Reads part of the log.</summary>
    /// <param name="afterSequence">Only records after this one; 0: from the beginning.</param>
    /// <param name="limit">Largest number of records.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The records in order.</returns>
    Task<IReadOnlyList<AuditRecord>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the whole log and checks every hash.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found.</returns>
    Task<AuditVerification> VerifyAsync(CancellationToken cancellationToken);
}

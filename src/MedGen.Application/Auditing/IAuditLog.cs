namespace MedGen.Application.Auditing;

/// <summary>The audit log: entries are added, never changed; each is chained to the one before it by its hash.</summary>
public interface IAuditLog
{
    /// <summary>Whether the log is only looked at: then nothing can be added.</summary>
    bool IsReadOnly { get; }

    /// <summary>Adds an entry. It is on disk when the task completes.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>The record.</returns>
    Task<AuditRecord> AppendAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Reads part of the log.</summary>
    /// <param name="query">Which records.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The records in order.</returns>
    Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the whole log, with its archive files, and checks every hash, every signed checkpoint and the anchor outside of the database.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found.</returns>
    Task<AuditVerification> VerifyAsync(CancellationToken cancellationToken);

    /// <summary>Moves records from before a time out of the database into an archive file that its signed checkpoint closes.</summary>
    /// <param name="before">The time.</param>
    /// <param name="cancellationToken">Gives up before the removal.</param>
    /// <returns>Number of records moved.</returns>
    Task<int> ArchiveAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

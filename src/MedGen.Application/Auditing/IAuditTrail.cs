namespace MedGen.Application.Auditing;

/// <summary>Takes what callers cause into the audit log, without letting them fill it.</summary>
public interface IAuditTrail
{
    /// <summary>
    /// Writes an entry, or counts it where it repeats; what is counted only is written within a minute, or when the host stops in order.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <returns>Completes when it is on disk or counted.</returns>
    Task RecordAsync(AuditEntry entry);
}

using System.Data.Common;
using MedGen.Application.Auditing;
using MedGen.Application.Signing;
using MedGen.Storage.Database;

namespace MedGen.Storage.Auditing;

/// <summary>
/// The audit log as a table that triggers keep from being changed, each row chained to the one before by its hash. Every so many rows, and where the
/// older ones were archived, a checkpoint is signed; the newest one also lies outside of the database.
/// </summary>
internal sealed class AuditLog(StoreDatabase database, DataFolder folder, AuditAnchor anchor, IHostKey key, TimeProvider time) : IAuditLog
{
    public const int CheckpointInterval = 1000;

    private const string Columns =
        "sequence, time_ticks, caller, action, subject, outcome, previous_hash, hash, version, kind, tenant, address, count";

    public bool IsReadOnly => folder.IsReadOnly;

    public Task<AuditRecord> AppendAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteUrgentAsync(session => Append(session, entry), cancellationToken);

    public Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<AuditRecord>>(database.Read(session => Read(session, query)));
    }

    public Task<AuditVerification> VerifyAsync(CancellationToken cancellationToken) => Task.FromResult(
        database.Read(session => new AuditVerifier(session, anchor, key, folder.Id, AuditArchive.FolderOf(folder)).Verify(cancellationToken)));

    public Task<int> ArchiveAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        new AuditArchive(database, folder, key, time).MoveAsync(before, cancellationToken);

    public static List<AuditRecord> Read(StoreSession session, AuditQuery query) => session.Query(
        $"""
        SELECT {Columns} FROM audit
        WHERE sequence > @after AND (CAST(@caller AS TEXT) IS NULL OR caller = @caller) AND (CAST(@action AS TEXT) IS NULL OR action = @action)
          AND (CAST(@subject AS TEXT) IS NULL OR instr(' ' || subject || ' ', ' ' || @subject || ' ') > 0)
          AND (CAST(@kind AS TEXT) IS NULL OR kind = @kind)
          AND (CAST(@tenant AS TEXT) IS NULL OR tenant = @tenant) AND (CAST(@outcome AS TEXT) IS NULL OR outcome = @outcome)
          AND (CAST(@from AS BIGINT) IS NULL OR time_ticks >= @from) AND (CAST(@before AS BIGINT) IS NULL OR time_ticks < @before)
        ORDER BY sequence LIMIT @limit
        """,
        Map,
        ("@after", query.AfterSequence),
        ("@caller", query.Caller),
        ("@action", query.Action),
        ("@subject", query.Subject),
        ("@kind", query.Kind?.ToString()),
        ("@tenant", query.Tenant),
        ("@outcome", query.Outcome),
        ("@from", query.From?.UtcTicks),
        ("@before", query.Before?.UtcTicks),
        ("@limit", query.PageSize));

    public static AuditRecord? Last(StoreSession session) =>
        session.Query($"SELECT {Columns} FROM audit ORDER BY sequence DESC LIMIT 1", Map).SingleOrDefault();

    private AuditRecord Append(StoreSession session, AuditEntry entry)
    {
        AuditRecord? last = Last(session);
        AuditCheckpoint? archived = last is null ? AuditCheckpoints.Base(session) : null;
        AuditRecord record = new()
        {
            Sequence = (last?.Sequence ?? archived?.Sequence ?? 0) + 1,
            Time = time.GetUtcNow(),
            Entry = entry,
            PreviousHash = last?.Hash ?? archived?.Hash ?? AuditRecord.Genesis,
        };
        record = record with { Hash = record.ComputeHash() };
        session.Execute(
            $"""
            INSERT INTO audit ({Columns})
            VALUES (@sequence, @time, @caller, @action, @subject, @outcome, @previous, @hash, @version, @kind, @tenant, @address, @count)
            """,
            ("@sequence", record.Sequence),
            ("@time", record.Time.UtcTicks),
            ("@caller", entry.Caller),
            ("@action", entry.Action),
            ("@subject", entry.Subject),
            ("@outcome", entry.Outcome),
            ("@previous", record.PreviousHash),
            ("@hash", record.Hash),
            ("@version", record.Version),
            ("@kind", entry.Kind.ToString()),
            ("@tenant", entry.Tenant),
            ("@address", entry.Address),
            ("@count", entry.Count));
        AuditCheckpoint checkpoint = AuditCheckpoint.Sign(key, folder.Id, record.Sequence, record.Hash, record.Time);
        if (record.Sequence % CheckpointInterval == 0)
        {
            AuditCheckpoints.Add(session, checkpoint, isBase: false);
        }

        session.AfterCommit(() => anchor.Write(checkpoint));
        return record;
    }

    private static AuditRecord Map(DbDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        Time = new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero),
        Entry = new AuditEntry
        {
            Caller = row.GetString(2),
            Action = row.GetString(3),
            Subject = row.GetString(4),
            Outcome = row.GetString(5),
            Kind = Enum.TryParse(row.GetString(9), out AuditKind kind) ? kind : AuditKind.Change,
            Tenant = row.GetString(10),
            Address = row.GetString(11),
            Count = row.GetInt32(12),
        },
        PreviousHash = row.GetString(6),
        Hash = row.GetString(7),
        Version = row.GetInt32(8),
    };
}

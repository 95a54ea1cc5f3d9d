using MedGen.Application.Auditing;
using MedGen.Storage.Database;
using Microsoft.Data.Sqlite;

namespace MedGen.Storage.Auditing;

/// <summary>The audit log as a table that triggers keep from being changed, each row chained to the one before by its hash.</summary>
internal sealed class SqliteAuditLog(SqliteDatabase database, TimeProvider time) : IAuditLog
{
    private const int BatchSize = 1000;

    public Task<AuditRecord> AppendAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Append(session, entry), cancellationToken);

    public Task<IReadOnlyList<AuditRecord>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<AuditRecord>>(database.Read(session => Read(session, afterSequence, limit)));
    }

    public Task<AuditVerification> VerifyAsync(CancellationToken cancellationToken) => Task.FromResult(database.Read(session =>
    {
        string previous = AuditRecord.Genesis;
        long count = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<AuditRecord> batch = Read(session, count, BatchSize);
            foreach (AuditRecord record in batch)
            {
                count++;
                string hash = AuditRecord.ComputeHash(count, record.Time, record.Entry, previous);
                if (record.Sequence != count || record.PreviousHash != previous || record.Hash != hash)
                {
                    return new AuditVerification { Records = count, FirstBroken = record.Sequence, LastHash = record.Hash };
                }

                previous = hash;
            }

            if (batch.Count < BatchSize)
            {
                return new AuditVerification { Records = count, LastHash = previous };
            }
        }
    }));

    private AuditRecord Append(SqliteSession session, AuditEntry entry)
    {
        AuditRecord? last = session.Query("SELECT * FROM audit ORDER BY sequence DESC LIMIT 1", Map).SingleOrDefault();
        long sequence = (last?.Sequence ?? 0) + 1;
        string previous = last?.Hash ?? AuditRecord.Genesis;
        DateTimeOffset now = time.GetUtcNow();
        AuditRecord record = new()
        {
            Sequence = sequence,
            Time = now,
            Entry = entry,
            PreviousHash = previous,
            Hash = AuditRecord.ComputeHash(sequence, now, entry, previous),
        };
        session.Execute(
            "INSERT INTO audit VALUES ($sequence, $time, $caller, $action, $subject, $outcome, $previous, $hash)",
            ("$sequence", sequence),
            ("$time", now.UtcTicks),
            ("$caller", entry.Caller),
            ("$action", entry.Action),
            ("$subject", entry.Subject),
            ("$outcome", entry.Outcome),
            ("$previous", previous),
            ("$hash", record.Hash));
        return record;
    }

    private static List<AuditRecord> Read(SqliteSession session, long afterSequence, int limit) => session.Query(
        "SELECT * FROM audit WHERE sequence > $after ORDER BY sequence LIMIT $limit", Map, ("$after", afterSequence), ("$limit", limit));

    private static AuditRecord Map(SqliteDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        Time = new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero),
        Entry = new AuditEntry { Caller = row.GetString(2), Action = row.GetString(3), Subject = row.GetString(4), Outcome = row.GetString(5) },
        PreviousHash = row.GetString(6),
        Hash = row.GetString(7),
    };
}

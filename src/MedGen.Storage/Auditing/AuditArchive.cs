using System.Globalization;
using System.Text.Json;
using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MedGen.Application.Signing;
using MedGen.Storage.Database;
using MedGen.Storage.Disks;

namespace MedGen.Storage.Auditing;

/// <summary>
/// Moves old records into <c>audit-archive/FIRST-LAST.jsonl</c>: a record a line, and in the last line the signed checkpoint that the records which
/// stay go on from. The file is on disk before a record leaves the database.
/// </summary>
internal sealed class AuditArchive(StoreDatabase database, DataFolder folder, IHostKey key, TimeProvider time)
{
    public const string FolderName = "audit-archive";

    public static string FolderOf(DataFolder folder) => Path.Combine(folder.Root, FolderName);

    public async Task<int> MoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        // By sequence up to the first younger one, so that a clock that was set back leaves no gap; the newest stays, for the anchor names it.
        (long first, long last, string hash) = database.Read(session =>
        {
            long to = session.Scalar<long>(
                """
                SELECT coalesce(min(coalesce((SELECT min(sequence) FROM audit WHERE time_ticks >= @before), newest) - 1, newest - 1), 0)
                FROM (SELECT max(sequence) AS newest FROM audit) AS ends
                """,
                ("@before", before.UtcTicks));
            return (
                session.Scalar<long>("SELECT coalesce(min(sequence), 0) FROM audit"),
                to,
                session.Scalar<string>("SELECT hash FROM audit WHERE sequence = @last", ("@last", to)) ?? "");
        });
        if (first == 0 || last < first)
        {
            return 0;
        }

        AuditCheckpoint checkpoint = AuditCheckpoint.Sign(key, folder.Id, last, hash, time.GetUtcNow());
        Write(first, checkpoint, cancellationToken);
        return await database.WriteAsync(
            session =>
            {
                session.Execute("DELETE FROM audit_checkpoints WHERE sequence <= @last", ("@last", last));
                AuditCheckpoints.Add(session, checkpoint, isBase: true);
                return session.Execute("DELETE FROM audit WHERE sequence <= @last", ("@last", last));
            },
            cancellationToken).ConfigureAwait(false);
    }

    private void Write(long first, AuditCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        string archive = FolderOf(folder);
        string path = Path.Combine(archive, string.Create(CultureInfo.InvariantCulture, $"{first:D12}-{checkpoint.Sequence:D12}.jsonl"));
        string unfinished = path + ".new";
        try
        {
            DataFolder.CreateFolder(archive);
            WriteRecords(unfinished, first, checkpoint, cancellationToken);
            File.Move(unfinished, path, overwrite: true);
            DurableNames.Flush(archive);
            DurableNames.Flush(folder.Root);
        }
        catch (Exception exception) when (StoreSpace.Refusal(exception) is { } refusal)
        {
            // The records stay where they are.
            throw refusal;
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }
    }

    private void WriteRecords(string path, long first, AuditCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        using FileStream file = new(path, DataFolder.NewFile(FileMode.Create));
        AuditQuery query = new() { AfterSequence = first - 1, PageSize = 1000 };
        while (database.Read(session => AuditLog.Read(session, query)) is { Count: > 0 } batch && query.AfterSequence < checkpoint.Sequence)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (AuditRecord record in batch.TakeWhile(record => record.Sequence <= checkpoint.Sequence))
            {
                WriteLine(file, record);
            }

            query = query with { AfterSequence = batch[^1].Sequence };
        }

        WriteLine(file, checkpoint);
        file.Flush(flushToDisk: true);
    }

    private static void WriteLine<T>(FileStream file, T line)
    {
        JsonSerializer.Serialize(file, line, JobJson.Options);
        file.WriteByte((byte)'\n');
    }
}

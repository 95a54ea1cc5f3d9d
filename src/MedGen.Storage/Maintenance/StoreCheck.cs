using MedGen.Sdk.Errors;
using MedGen.Storage.Database;
using MedGen.Storage.Opening;

namespace MedGen.Storage.Maintenance;

/// <summary>
/// Compares a data folder with itself: the mark, the whole database, each job's event log, and each record with the size of its file. Contents are
/// not read; <see cref="StoreScrub"/> does that. Nothing is changed, and a host may run on the folder.
/// </summary>
public static class StoreCheck
{
    // SQLite stops there by itself; who repairs a database does not need the hundredth page.
    private const int MostDatabaseErrors = 20;

    /// <summary>Checks a folder.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="FailedPreconditionException">There is no such folder, or it is no data folder.</exception>
    public static StoreReport Run(string folder, CancellationToken cancellationToken = default)
    {
        using StoreView view = StoreView.Open(folder);
        return Run(view, cancellationToken);
    }

    internal static StoreReport Run(StoreView view, CancellationToken cancellationToken)
    {
        List<StoreFinding> findings = [.. CheckMark(view.Paths), .. CheckDatabase(view)];
        StoreReport report = new() { Folder = view.Paths.Root, InUse = view.IsInUse, Findings = findings };
        if (findings.Any(finding => finding.Kind is StoreFindingKind.DatabaseMissing or StoreFindingKind.DatabaseDamaged))
        {
            return report;
        }

        findings.AddRange(view.Read(CheckJobLogs));
        IReadOnlyList<StoredContent> contents = view.Read(StoredContent.ReadAll);
        foreach (StoredContent content in contents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            findings.AddRange(CheckContent(view, content));
        }

        findings.AddRange(FindWithoutRecord(view));
        return report with { Contents = contents.Count, Bytes = contents.Sum(content => content.Size) };
    }

    private static IEnumerable<StoreFinding> CheckMark(DataPaths paths)
    {
        string? broken = null;
        try
        {
            broken = FolderMark.Find(paths.Root) is null ? "The mark is missing." : null;
        }
        catch (FailedPreconditionException exception)
        {
            broken = exception.Message;
        }

        if (broken is not null)
        {
            yield return new StoreFinding
            {
                Kind = StoreFindingKind.MarkBroken,
                Subject = FolderMark.FileName,
                Message = broken,
                Remedy = "Run 'medgen store repair'.",
            };
        }
    }

    private static StoreFinding[] CheckDatabase(StoreView view)
    {
        if (!view.HasDatabase)
        {
            return [Finding(StoreFindingKind.DatabaseMissing, "The database is missing or empty.")];
        }

        try
        {
            return view.Read(session => (StoreFinding[])
            [
                .. session.Query($"PRAGMA integrity_check({MostDatabaseErrors})", row => row.GetString(0)).Where(line => line != "ok")
                    .Select(line => Finding(StoreFindingKind.DatabaseDamaged, $"SQLite reports: {line}.")),
                .. session.Query("PRAGMA foreign_key_check", row => (Table: row.GetString(0), Parent: row.GetString(2)))
                    .GroupBy(row => row)
                    .Select(broken => Finding(
                        StoreFindingKind.RecordBroken,
                        $"{broken.Count()} rows of the table '{broken.Key.Table}' name rows of '{broken.Key.Parent}' that are not there.")),
            ]);
        }
        catch (DataLossException exception)
        {
            return [Finding(StoreFindingKind.DatabaseDamaged, exception.InnerException!.Message)];
        }

        static StoreFinding Finding(StoreFindingKind kind, string message) => new()
        {
            Kind = kind,
            Subject = "medgen.db",
            Message = message,
            Remedy = "Stop the host, copy the whole folder, and run 'medgen store repair --from BACKUP'.",
        };
    }

    private static List<StoreFinding> CheckJobLogs(StoreSession session) => session.Query(
        """
        SELECT id, json_extract(jobs.document, '$.lastEvent') AS last, count(number) AS events, coalesce(max(number), 0) AS highest
        FROM jobs LEFT JOIN job_events ON job_id = id GROUP BY id HAVING last <> events OR events <> highest
        """,
        row => new StoreFinding
        {
            Kind = StoreFindingKind.JobLogBroken,
            Subject = row.GetString(0),
            Message = $"The job's last event is number {row.GetInt64(1)}; its log has {row.GetInt64(2)} events up to number {row.GetInt64(3)}.",
            Remedy = "Put back the database of a backup: 'medgen store repair --from BACKUP'.",
        });

    private static IEnumerable<StoreFinding> CheckContent(StoreView view, StoredContent content)
    {
        FileInfo file = new(Path.Combine(view.Paths.Root, content.RelativePath));
        if (file.Exists && file.Length == content.Size)
        {
            yield break;
        }

        // A host may have deleted it since the records were read.
        if (view.Read(content.IsNeeded))
        {
            yield return file.Exists ? StoreFinding.Damaged(content) : StoreFinding.Missing(content);
        }
    }

    // Beside a host a file can be on its way: only one that is still there, and still unknown, is nobody's.
    private static IEnumerable<StoreFinding> FindWithoutRecord(StoreView view)
    {
        HashSet<string> unknown = Find();
        if (view.IsInUse && unknown.Count > 0)
        {
            unknown.IntersectWith(Find());
        }

        return unknown.Order(StringComparer.Ordinal).Select(path => new StoreFinding
        {
            Kind = StoreFindingKind.FileWithoutRecord,
            Subject = Path.GetRelativePath(view.Paths.Root, path),
            Message = "The store made this file, and the database has no record of it: the database is older than the file, or another one's.",
            Remedy = "Put back the database that belongs to it, or run 'medgen store repair', which moves it to quarantine.",
        });

        HashSet<string> Find() => [.. Leftovers.Find(view.Paths, view.Read(StoredRecords.Read)).WithoutRecord];
    }
}

using MedGen.Storage.Database;

namespace MedGen.Storage.Opening;

/// <summary>What the database knows of files: enough to tell those that are needed from those that are not.</summary>
/// <param name="Schema">Schema version of the database.</param>
/// <param name="Contents">Hashes of all artifacts.</param>
/// <param name="OpenJobs">Ids of jobs that have not ended.</param>
/// <param name="EndedJobs">Ids of jobs that have.</param>
internal sealed record StoredRecords(int Schema, IReadOnlySet<string> Contents, IReadOnlySet<string> OpenJobs, IReadOnlySet<string> EndedJobs)
{
    public static StoredRecords None { get; } = new(0, new HashSet<string>(), new HashSet<string>(), new HashSet<string>());

    /// <summary>Reads the database of a folder and changes nothing there, not even by a first write-ahead log.</summary>
    /// <returns>The records; null: there is no database, or it holds no schema of ours.</returns>
    /// <exception cref="MedGen.Sdk.Errors.DataLossException">The file is no database, or is damaged.</exception>
    public static StoredRecords? Look(string databaseFile)
    {
        if (!File.Exists(databaseFile) || new FileInfo(databaseFile).Length == 0)
        {
            return null;
        }

        return SqliteFile.Read(databaseFile, session => IsOurs(session) ? Read(session) : null);
    }

    public static StoredRecords Read(StoreSession session)
    {
        ILookup<bool, string> jobs = session.Query(
            "SELECT state IN ('Queued', 'Running'), id FROM jobs", row => (IsOpen: row.GetBoolean(0), Id: row.GetString(1)))
            .ToLookup(job => job.IsOpen, job => job.Id);
        return new StoredRecords(
            session.Scalar<int>("SELECT coalesce(max(version), 0) FROM schema_version"),
            session.Query("SELECT DISTINCT sha256 FROM artifacts", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal),
            jobs[true].ToHashSet(StringComparer.Ordinal),
            jobs[false].ToHashSet(StringComparer.Ordinal));
    }

    private static bool IsOurs(StoreSession session) =>
        session.Scalar<long>(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('schema_version', 'jobs', 'artifacts', 'audit')") == 4;
}

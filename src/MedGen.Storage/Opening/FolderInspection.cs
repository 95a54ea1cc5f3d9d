using MedGen.Sdk.Errors;
using MedGen.Storage.Database;
using MedGen.Storage.Signing;

namespace MedGen.Storage.Opening;

/// <summary>Decides, before anything is changed, whether a folder may be used as a data folder.</summary>
internal static class FolderInspection
{
    /// <summary>Refuses a folder that is somebody else's, or whose database is not the one that belongs to its files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="database">What its mark has to say of its database.</param>
    /// <returns>The folder's mark; null: it is empty or not there, or holds a database from before there were marks.</returns>
    /// <exception cref="FailedPreconditionException">The folder must not be used; the message says why and what to do.</exception>
    /// <exception cref="DataLossException">The database is damaged.</exception>
    public static FolderMark? Require(DataPaths folder, string? database)
    {
        FolderMark? mark = FolderMark.Find(folder.Root);
        if (mark is null && IsEmpty(folder.Root, database))
        {
            return null;
        }

        if (mark?.Database != database)
        {
            throw database == FolderMark.Cluster || mark?.Database == FolderMark.Cluster
                ? OfCluster(folder, mark?.Database == FolderMark.Cluster)
                : OtherDatabase(folder, mark?.Database is not null);
        }

        if (database is not null)
        {
            // What it knows of the files is looked at when it is open.
            return mark;
        }

        StoredRecords? records = StoredRecords.Look(folder.DatabaseFile);
        if (mark is null && records is null)
        {
            throw Refusal(
                "DATA_FOLDER_FOREIGN",
                $"The folder '{folder.Root}' is not empty, and is no data folder: it has neither the mark '{FolderMark.FileName}' nor a database "
                + "'medgen.db' of this program. "
                + "Name a new or empty folder. If it is a data folder that has lost its database, put the database back.");
        }

        if (records?.Schema > Migrations.All.Count)
        {
            throw Refusal(
                "SCHEMA_TOO_NEW",
                $"The database '{folder.DatabaseFile}' has schema version {records.Schema}, this program knows up to {Migrations.All.Count}; use a "
                    + "newer program.");
        }

        if (mark is { Schema: > 0 } && records is null)
        {
            throw Refusal("DATABASE_MISSING", $"The database '{folder.DatabaseFile}' is missing or empty, but the folder had one. {PutBack}");
        }

        if (records?.Schema < mark?.Schema)
        {
            throw Refusal(
                "DATABASE_OLDER",
                $"The database '{folder.DatabaseFile}' has schema version {records?.Schema}, but the folder had version {mark?.Schema}: it is older "
                    + $"than the files beside it. {PutBack}");
        }

        if (Leftovers.Find(folder, records ?? StoredRecords.None).WithoutRecord is [var first, ..] unknown)
        {
            throw Refusal(
                "FILES_WITHOUT_RECORD",
                $"Stored files without a record in the database '{folder.DatabaseFile}': {unknown.Count}, the first is "
                + $"'{Path.GetRelativePath(folder.Root, first)}'; a crash leaves none: "
                + $"the database is older than the files, or another one's. {PutBack} Files that are not wanted any more may be moved out of the "
                + "folder by hand.");
        }

        return mark;
    }

    /// <summary>The folder's database is of the other kind.</summary>
    public static FailedPreconditionException OtherDatabase(DataPaths folder, bool isPostgres) => Refusal(
        "DATABASE_OTHER",
        isPostgres
            ? $"The records of the data folder '{folder.Root}' are in a PostgreSQL database, which this does not read. A host needs "
                + "storage.database; a backup is 'pg_dump' and a copy of the folder, made while no host runs on it."
            : $"The folder '{folder.Root}' is not empty, and no data folder of a PostgreSQL database. Name a new or empty folder.");

    private static FailedPreconditionException OfCluster(DataPaths folder, bool wasOfCluster) => Refusal(
        "DATABASE_OTHER",
        wasOfCluster
            ? $"The data folder '{folder.Root}' has one host's copies of what a cluster shares; only a host with cluster.servers uses it."
            : $"The folder '{folder.Root}' is not empty, and no data folder of a cluster. Name a new or empty folder for this host.");

    private const string PutBack = "Put back the database that belongs to the files (with its '-wal', if it has one), or name another data folder.";

    // The key of a cluster is put into the folder of a new host before it starts.
    private static bool IsEmpty(string root, string? database) =>
        !Path.Exists(root) || Directory.EnumerateFileSystemEntries(root).Select(path => Path.GetFileName(path))
            .All(name => FolderMark.BesideNothing.Contains(name) || (database == FolderMark.Cluster && name == HostKey.FileName));

    private static FailedPreconditionException Refusal(string reason, string message) => new(reason, message + " Nothing was changed.");
}

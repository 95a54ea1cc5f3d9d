using MedGen.Sdk.Errors;
using MedGen.Storage.Database;
using MedGen.Storage.Opening;
using Microsoft.Data.Sqlite;

namespace MedGen.Storage.Maintenance;

/// <summary>
/// A data folder as it is at this moment, changed by nothing here. Where no host runs on it, hosts are kept out as long as this is open; where one
/// does, it goes on, and what is read may be a moment old.
/// </summary>
internal sealed class StoreView : IDisposable
{
    private readonly FileStream? _lock;
    private readonly string _connectionString;

    private StoreView(DataPaths paths, FileStream? heldLock, bool isInUse)
    {
        Paths = paths;
        _lock = heldLock;
        IsInUse = isInUse;

        // Beside a host the log is its; without one, a file without a log is opened as one that does not change.
        _connectionString = (isInUse
            ? new SqliteConnectionStringBuilder { DataSource = paths.DatabaseFile, Mode = SqliteOpenMode.ReadOnly }.ToString()
            : SqliteFile.ReadOnly(paths.DatabaseFile)) + ";Pooling=False";
    }

    public DataPaths Paths { get; }

    /// <summary>Whether a host runs on the folder.</summary>
    public bool IsInUse { get; }

    public bool HasDatabase => File.Exists(Paths.DatabaseFile) && new FileInfo(Paths.DatabaseFile).Length > 0;

    /// <exception cref="FailedPreconditionException">There is no such folder, or it is no data folder.</exception>
    /// <exception cref="UnauthorizedAccessException">It is another user's.</exception>
    public static StoreView Open(string folder)
    {
        DataPaths paths = new(Path.GetFullPath(folder));
        if (!Directory.Exists(paths.Root))
        {
            throw new FailedPreconditionException("DATA_FOLDER_MISSING", $"There is no folder '{paths.Root}'.");
        }

        // To a user who may not look into it, a folder seems empty.
        _ = Directory.GetFileSystemEntries(paths.Root);
        if (!File.Exists(Path.Combine(paths.Root, FolderMark.FileName)) && !File.Exists(paths.DatabaseFile))
        {
            throw new FailedPreconditionException(
                "DATA_FOLDER_FOREIGN",
                $"The folder '{paths.Root}' is no data folder: it has neither the mark '{FolderMark.FileName}' nor a database 'medgen.db'. "
                    + "Nothing was changed.");
        }

        // The commands on a folder read and copy its SQLite database; a PostgreSQL server has its own.
        if (FolderMark.IsOfPostgres(paths.Root))
        {
            throw FolderInspection.OtherDatabase(paths, isPostgres: true);
        }

        try
        {
            FileStream? held = File.Exists(paths.LockFile) ? FolderLock.Share(paths) : null;
            return new StoreView(paths, held, isInUse: false);
        }
        catch (FailedPreconditionException)
        {
            return new StoreView(paths, null, isInUse: true);
        }
    }

    /// <summary>Reads one state of the database.</summary>
    /// <exception cref="DataLossException">The database is damaged.</exception>
    public T Read<T>(Func<StoreSession, T> read)
    {
        try
        {
            using SqliteConnection connection = Connect();
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
            return read(new StoreSession(connection, transaction));
        }
        catch (SqliteException exception) when (SqliteFile.IsDamage(exception))
        {
            throw SqliteFile.Damaged(Paths.DatabaseFile, exception);
        }
    }

    /// <summary>A connection for the online backup.</summary>
    public SqliteConnection Connect()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        return connection;
    }

    public void Dispose() => _lock?.Dispose();
}

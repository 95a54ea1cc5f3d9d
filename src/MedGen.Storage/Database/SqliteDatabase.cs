using System.Diagnostics;
using MedGen.Sdk.Errors;
using MedGen.Storage.Disks;
using MedGen.Storage.Opening;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Database;

/// <summary>
/// The database: any number of readers beside one writer at a time (write-ahead log). A write is one transaction, on disk when it returns, so a
/// killed process leaves either all of it or nothing.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int DiskFull = 13;

    // SQLITE_IOERR_SHMSIZE: the log's index cannot grow.
    private const int NoSpaceForIndex = 4874;

    private readonly SemaphoreSlim _writer = new(1);
    private readonly DataFolder _folder;
    private readonly StoreSpace _space;
    private readonly ILogger<SqliteDatabase> _logger;
    private readonly string _connectionString;

    public SqliteDatabase(DataFolder folder, StoreSpace space, IOptions<MedGenStorageOptions> options, ILogger<SqliteDatabase> logger)
    {
        _folder = folder;
        _space = space;
        _logger = logger;
        if (folder.IsReadOnly)
        {
            _connectionString = SqliteFile.ReadOnly(folder.DatabaseFile);
            RequireSchema();
            return;
        }

        // Made here, so that the file, and the log files that take their mode from it, are for this user only.
        using (new FileStream(folder.DatabaseFile, DataFolder.NewFile(FileMode.OpenOrCreate, FileShare.ReadWrite)))
        {
        }

        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = folder.DatabaseFile,
            ForeignKeys = true,
            DefaultTimeout = (int)Math.Ceiling(options.Value.BusyTimeout.TotalSeconds),
        }.ToString();
        try
        {
            Migrate();
        }
        catch (SqliteException exception) when (SqliteFile.IsDamage(exception))
        {
            throw SqliteFile.Damaged(folder.DatabaseFile, exception);
        }

        folder.NoteSchema(Migrations.All.Count);
    }

    /// <summary>Reads one state of the database.</summary>
    /// <exception cref="DataLossException">The database is damaged (<c>DATABASE_DAMAGED</c>).</exception>
    public T Read<T>(Func<SqliteSession, T> read)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            using SqliteConnection connection = Open();
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
            return read(new SqliteSession(connection, transaction));
        }
        catch (SqliteException exception) when (SqliteFile.IsDamage(exception))
        {
            throw SqliteFile.Damaged(Path.GetFileName(_folder.DatabaseFile), exception);
        }
        finally
        {
            Record("read", started);
        }
    }

    /// <summary>Runs a write as one transaction; an exception undoes all of it.</summary>
    /// <exception cref="ResourceExhaustedException">The disk is full (<c>DISK_FULL</c>) or cannot be written to (<c>DISK_NOT_WRITABLE</c>).</exception>
    /// <exception cref="DataLossException">The database is damaged (<c>DATABASE_DAMAGED</c>).</exception>
    /// <exception cref="FailedPreconditionException">The data folder is only looked at (<c>DATA_FOLDER_READ_ONLY</c>).</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken) =>
        WriteAsync(write, mayUseReserve: false, cancellationToken);

    /// <summary>
    /// As <see cref="WriteAsync{T}(Func{SqliteSession, T}, CancellationToken)"/>, for what frees space or has to be on record: on a full disk the
    /// reserve is given up, and it is tried once more.
    /// </summary>
    public Task<T> WriteUrgentAsync<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken) =>
        WriteAsync(write, mayUseReserve: true, cancellationToken);

    /// <summary>
    /// As <see cref="WriteUrgentAsync"/>; what the write deletes is gone from the write-ahead log, too, when this returns, unless a warning in the
    /// host's log says that this has to wait for the next time.
    /// </summary>
    public async Task<T> EraseAsync<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken)
    {
        T result = await WriteUrgentAsync(write, cancellationToken).ConfigureAwait(false);
        await _writer.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            // Waits for readers as long as a statement may wait.
            using SqliteConnection connection = Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            if (command.ExecuteScalar() is not 0L)
            {
                Log.LogNotEmptied(_logger, "a reader");
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == DiskFull || SqliteFile.IsRefusedByDisk(exception))
        {
            // What was to be deleted is; only its trace in the log waits.
            Log.LogNotEmptied(_logger, "the disk");
        }
        finally
        {
            _writer.Release();
        }

        return result;
    }

    private async Task<T> WriteAsync<T>(Func<SqliteSession, T> write, bool mayUseReserve, CancellationToken cancellationToken)
    {
        if (_folder.IsReadOnly)
        {
            throw new FailedPreconditionException("DATA_FOLDER_READ_ONLY", "This host only looks at its data folder; nothing can be changed here.");
        }

        long started = Stopwatch.GetTimestamp();
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            try
            {
                return Write(write);
            }
            catch (ResourceExhaustedException exception) when (mayUseReserve && exception.Reason == "DISK_FULL" && _space.ReleaseReserve())
            {
                Log.ReserveReleased(_logger);
                T result = Write(write);
                _space.KeepReserve();
                return result;
            }
        }
        finally
        {
            _writer.Release();
            Record("write", started);
        }
    }

    private T Write<T>(Func<SqliteSession, T> write)
    {
        try
        {
            using SqliteConnection connection = Open();
            using SqliteTransaction transaction = connection.BeginTransaction();
            SqliteSession session = new(connection, transaction);
            T result;
            try
            {
                result = write(session);
                transaction.Commit();
            }
            catch
            {
                session.Rollback();
                throw;
            }

            session.Committed();
            return result;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == DiskFull || exception.SqliteExtendedErrorCode == NoSpaceForIndex)
        {
            throw new ResourceExhaustedException(
                "DISK_FULL", "The disk that holds the database is full; nothing was written.", TimeSpan.FromMinutes(1));
        }
        catch (SqliteException exception) when (SqliteFile.IsDamage(exception))
        {
            throw SqliteFile.Damaged(Path.GetFileName(_folder.DatabaseFile), exception);
        }
        catch (SqliteException exception) when (SqliteFile.IsRefusedByDisk(exception))
        {
            throw StoreSpace.NotWritable();
        }
    }

    private static void Record(string operation, long started) => StorageDiagnostics.TransactionDuration.Record(
        Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("operation", operation));

    public void Dispose()
    {
        using (SqliteConnection connection = new(_connectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        _writer.Dispose();
    }

    private SqliteConnection Open()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        if (_folder.IsReadOnly)
        {
            return connection;
        }

        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON";
        command.ExecuteNonQuery();
        return connection;
    }

    // Whoever only looks cannot bring an older schema to the present one.
    private void RequireSchema()
    {
        int schema = StoredRecords.Look(_folder.DatabaseFile)?.Schema ?? 0;
        if (schema < Migrations.All.Count)
        {
            throw new FailedPreconditionException(
                "SCHEMA_TOO_OLD",
                $"The database '{_folder.DatabaseFile}' has schema version {schema}, and this program reads version {Migrations.All.Count}; the "
                    + "next start of 'serve' on the folder brings it there.");
        }
    }

    private void Migrate()
    {
        using SqliteConnection connection = Open();
        using (SqliteCommand command = connection.CreateCommand())
        {
            command.CommandText = "PRAGMA journal_mode = WAL";
            command.ExecuteNonQuery();
        }

        using SqliteTransaction transaction = connection.BeginTransaction();
        SqliteSession session = new(connection, transaction);
        session.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");

        // One that is newer was refused before the folder was touched.
        int version = session.Scalar<int>("SELECT coalesce(max(version), 0) FROM schema_version");
        foreach ((int index, string step) in Migrations.All.Index().Skip(version))
        {
            session.Execute(step);
            session.Execute("INSERT INTO schema_version (version) VALUES ($version)", ("$version", index + 1));
        }

        transaction.Commit();
        if (version > 0 && version < Migrations.FirstWithSecureDelete)
        {
            Vacuum(connection);
        }
    }

    // What was deleted by a version from before deleted rows were overwritten is still in the file's free pages.
    private static void Vacuum(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }
}

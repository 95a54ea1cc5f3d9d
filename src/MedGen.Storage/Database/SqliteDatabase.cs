using MedGen.Abstractions.Errors;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Database;

/// <summary>
/// The database: any number of readers beside one writer at a time (write-ahead log). A write is one transaction, on disk when it returns, so a
/// killed process leaves either all of it or nothing.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int DiskFull = 13;
    private readonly SemaphoreSlim _writer = new(1);
    private readonly string _connectionString;

    public SqliteDatabase(DataFolder folder, IOptions<MedGenStorageOptions> options)
    {
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
        Migrate();
    }

    /// <summary>Reads one state of the database.</summary>
    public T Read<T>(Func<SqliteSession, T> read)
    {
        using SqliteConnection connection = Open();
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
        return read(new SqliteSession(connection, transaction));
    }

    /// <summary>Runs a write as one transaction; an exception undoes all of it.</summary>
    /// <exception cref="ResourceExhaustedException">The disk is full (<c>DISK_FULL</c>).</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
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
        catch (SqliteException exception) when (exception.SqliteErrorCode == DiskFull)
        {
            throw new ResourceExhaustedException(
                "DISK_FULL", "The disk that holds the database is full; nothing was written.", TimeSpan.FromMinutes(1));
        }
        finally
        {
            _writer.Release();
        }
    }

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
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = FULL";
        command.ExecuteNonQuery();
        return connection;
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
        long version = session.Scalar<long>("SELECT coalesce(max(version), 0) FROM schema_version");
        if (version > Migrations.All.Count)
        {
            throw new FailedPreconditionException(
                "SCHEMA_TOO_NEW",
                $"The database has schema version {version}, this program knows up to {Migrations.All.Count}; use a newer program.");
        }

        foreach (string step in Migrations.All.Skip((int)version))
        {
            session.Execute(step);
            session.Execute("INSERT INTO schema_version (version) VALUES ($version)", ("$version", ++version));
        }

        transaction.Commit();
    }
}

using System.Data.Common;
using MedGen.Sdk.Errors;
using MedGen.Storage.Disks;
using MedGen.Storage.Opening;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Database;

/// <summary>The database in the data folder: SQLite with a write-ahead log.</summary>
internal sealed class SqliteDatabase : StoreDatabase
{
    private const int DiskFull = 13;

    // SQLITE_IOERR_SHMSIZE: the log's index cannot grow.
    private const int NoSpaceForIndex = 4874;

    // What a start may read through, in about a second on a slow disk.
    private const long LargestChecked = 64L << 20;

    private readonly string _connectionString;

    public SqliteDatabase(DataFolder folder, StoreSpace space, IOptions<MedGenStorageOptions> options, ILogger<SqliteDatabase> logger)
        : base(folder, space, logger)
    {
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

    public override bool OverwritesDeleted => true;

    public override void Check()
    {
        if (new FileInfo(Folder.DatabaseFile).Length <= LargestChecked)
        {
            string answer = Read(session => session.Scalar<string>("PRAGMA quick_check(1)"))!;
            if (answer != "ok")
            {
                throw SqliteFile.Damaged(Folder.DatabaseFile, new SqliteException(answer, SqliteFile.Corrupt));
            }
        }
    }

    public override void Dispose()
    {
        using (SqliteConnection connection = new(_connectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        base.Dispose();
    }

    protected override DbConnection Connect() => Open();

    protected override DbTransaction BeginRead(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    protected override MedGenException? Translate(DbException exception, bool isWrite) => exception switch
    {
        SqliteException { SqliteErrorCode: DiskFull } or SqliteException { SqliteExtendedErrorCode: NoSpaceForIndex } => isWrite
            ? new ResourceExhaustedException(
                "DISK_FULL", "The disk that holds the database is full; nothing was written.", TimeSpan.FromMinutes(1))
            : null,
        SqliteException damage when SqliteFile.IsDamage(damage) => SqliteFile.Damaged(Path.GetFileName(Folder.DatabaseFile), damage),
        SqliteException refused when isWrite && SqliteFile.IsRefusedByDisk(refused) => StoreSpace.NotWritable(),
        _ => null,
    };

    // Waits for readers as long as a statement may wait. What was to be deleted is; only its trace in the log may have to wait.
    protected override void RemoveTraces()
    {
        try
        {
            using SqliteConnection connection = Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            if (command.ExecuteScalar() is not 0L)
            {
                Log.LogNotEmptied(Logger, "a reader");
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == DiskFull || SqliteFile.IsRefusedByDisk(exception))
        {
            Log.LogNotEmptied(Logger, "the disk");
        }
    }

    private SqliteConnection Open()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        if (Folder.IsReadOnly)
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
        int schema = StoredRecords.Look(Folder.DatabaseFile)?.Schema ?? 0;
        if (schema < Migrations.All.Count)
        {
            throw new FailedPreconditionException(
                "SCHEMA_TOO_OLD",
                $"The database '{Folder.DatabaseFile}' has schema version {schema}, and this program reads version {Migrations.All.Count}; the "
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
        StoreSession session = new(connection, transaction);
        session.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");

        // One that is newer was refused before the folder was touched.
        int version = session.Scalar<int>("SELECT coalesce(max(version), 0) FROM schema_version");
        foreach ((int index, string step) in Migrations.All.Index().Skip(version))
        {
            session.Execute(step);
            session.Execute("INSERT INTO schema_version (version) VALUES (@version)", ("@version", index + 1));
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

using System.Data;
using System.Data.Common;
using MedGen.Sdk.Errors;
using MedGen.Storage.Disks;
using MedGen.Storage.Opening;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MedGen.Storage.Database;

/// <summary>
/// A database of a PostgreSQL server, for one data folder and one host at a time. The host holds an advisory lock as long as its connection lasts. A
/// server that restarts forgets the lock: should another host come meanwhile, this one writes nothing any more, since each write asks whose the
/// database is. The hosts of a cluster share the lock, and write one after the other: each write holds a lock of its own until it ends.
/// </summary>
internal sealed class PostgresDatabase : StoreDatabase
{
    // Any number that is ours: locks are of a database, and the database is of this program.
    private const long HostLock = 0x6D65_6467_656E;
    private const long WriterLock = HostLock + 1;
    private const string FolderFact = "data-folder";
    private const string HostFact = "host";

    private readonly string _host = Guid.NewGuid().ToString("N");

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _lock;

    /// <exception cref="FailedPreconditionException">The server cannot be reached, or the database is not the one of this folder.</exception>
    public PostgresDatabase(DataFolder folder, StoreSpace space, IOptions<MedGenStorageOptions> options, ILogger<PostgresDatabase> logger)
        : base(folder, space, logger)
    {
        NpgsqlConnectionStringBuilder server = new(options.Value.Database)
        {
            ApplicationName = "medgen",
            CommandTimeout = (int)Math.Ceiling(options.Value.BusyTimeout.TotalSeconds),

            // Statements are few and come again and again. What a session keeps is the lock alone, whose connection is never given back.
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,

            // Errors would name rows, and so prompts.
            IncludeErrorDetail = false,
        };
        NpgsqlDataSourceBuilder builder = new(server.ConnectionString);
        if (options.Value.DatabasePasswordFile is { } file)
        {
            // Read for each new connection: a password may be changed while the host runs.
            builder.UsePasswordProvider(
                _ => File.ReadAllText(file).TrimEnd('\r', '\n'),
                async (_, cancellationToken) => (await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).TrimEnd('\r', '\n'));
        }

        _source = builder.Build();
        try
        {
            _lock = _source.OpenConnection();
            RequireLock();
            Migrate();
            if (!folder.IsOfCluster)
            {
                RequireRecordsOfFiles();
                Take();
            }

            folder.NoteSchema(PostgresMigrations.All.Count);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Dispose();
            throw new FailedPreconditionException(
                "DATABASE_UNREACHABLE",
                $"The PostgreSQL database '{server.Database}' at '{server.Host}:{server.Port}' cannot be used as '{server.Username}': "
                    + $"{Reason(exception)} See storage.database and storage.database_password_file.",
                exception);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    // The server keeps the pages of deleted rows until it needs them.
    public override bool OverwritesDeleted => false;

    public override void Check() => Read(session => session.Scalar<int>("SELECT 1"));

    public override void Dispose()
    {
        _lock?.Dispose();
        _source.Dispose();
        base.Dispose();
    }

    protected override DbConnection Connect() => _source.OpenConnection();

    protected override DbTransaction BeginRead(DbConnection connection) => connection.BeginTransaction(IsolationLevel.RepeatableRead);

    protected override MedGenException? Translate(DbException exception, bool isWrite) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } =>
            new ResourceExhaustedException("DISK_FULL", "The disk of the database's server is full; nothing was written.", TimeSpan.FromMinutes(1)),
        PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted } => new DataLossException(
            "DATABASE_DAMAGED",
            "The PostgreSQL database is damaged, as its server says. Stop the host and restore the database from its backup.",
            exception),
        PostgresException { IsTransient: false } refused when !IsOfTheServer(refused.SqlState) => null,
        _ => new ResourceExhaustedException(
            "DATABASE_UNAVAILABLE", "The database does not answer; what was asked for was not done.", TimeSpan.FromMinutes(1)),
    };

    // A server that ends its sessions (class 57) may have committed before.
    protected override MedGenException? TranslateLostAnswer(DbException exception) =>
        exception is PostgresException { SqlState: not ['5', '7', ..] } ? null : new ResourceExhaustedException(
            "DATABASE_UNAVAILABLE",
            "The connection to the database broke; whether what was asked for was done is not known.",
            TimeSpan.FromMinutes(1));

    // Locked until the write ends, so that no host takes the database in the middle of one.
    protected override void RequireOwner(StoreSession session)
    {
        if (Folder.IsOfCluster)
        {
            // What a newer host has made of the tables since, this one does not know.
            RequireKnown(session.LastScalar($"SELECT pg_advisory_xact_lock({WriterLock}); SELECT max(version) FROM schema_version"));
        }
        else if (Facts.Find<string>(session, HostFact, isLocked: true) != _host)
        {
            throw InUse();
        }
    }

    protected override void RemoveTraces()
    {
        // Autovacuum's, and the receipt says so.
    }

    // A standby that has not taken over yet, a password that was changed, a statement that was stopped: the server's matter, which may pass.
    private static bool IsOfTheServer(string state) => state is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InvalidPassword
        or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.QueryCanceled;

    private static string Reason(Exception exception) => exception is PostgresException refused ? refused.MessageText + "." : exception.Message;

    private void RequireLock()
    {
        string kind = Folder.IsOfCluster ? "_shared" : "";
        using NpgsqlCommand command = new($"SELECT pg_try_advisory_lock{kind}({HostLock})", _lock);
        if (command.ExecuteScalar() is not true)
        {
            throw InUse();
        }
    }

    private static FailedPreconditionException InUse() => new("DATABASE_IN_USE", "The PostgreSQL database is in use by another host.");

    private void Migrate()
    {
        using NpgsqlTransaction transaction = _lock.BeginTransaction();
        StoreSession session = new(_lock, transaction);
        session.Execute($"SELECT pg_advisory_xact_lock({WriterLock})");
        session.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
        int version = session.Scalar<int>("SELECT coalesce(max(version), 0) FROM schema_version");
        RequireKnown(version);

        // Before anything of it is changed.
        if (version > 0 && Facts.Find<string>(session, FolderFact) is var owner && owner != Folder.Id)
        {
            throw new FailedPreconditionException(
                "DATABASE_FOREIGN",
                $"The PostgreSQL database belongs to the data folder with the id '{owner}', and '{Folder.Root}' has '{Folder.Id}'. Name the "
                    + "folder's own database, or an empty one for a new folder.");
        }

        if (version < Folder.Schema)
        {
            throw new FailedPreconditionException(
                "DATABASE_OLDER",
                $"The PostgreSQL database has schema version {version}, but the data folder had version {Folder.Schema}: it is older than the "
                    + "files, or another one's. Restore the one that belongs to the folder. Nothing was changed.");
        }

        foreach ((int index, string step) in PostgresMigrations.All.Index().Skip(version))
        {
            session.Execute(step);
            session.Execute("INSERT INTO schema_version (version) VALUES (@version)", ("@version", index + 1));
        }

        if (version == 0)
        {
            Facts.Write(session, FolderFact, Folder.Id);
        }

        transaction.Commit();
    }

    private static void RequireKnown(int version)
    {
        if (version > PostgresMigrations.All.Count)
        {
            throw new FailedPreconditionException(
                "SCHEMA_TOO_NEW",
                $"The PostgreSQL database has schema version {version}, this program knows up to {PostgresMigrations.All.Count}; use a newer "
                    + "program. Nothing was changed.");
        }
    }

    private void Take()
    {
        using NpgsqlTransaction transaction = _lock.BeginTransaction();
        Facts.Write(new StoreSession(_lock, transaction), HostFact, _host);
        transaction.Commit();
    }

    private void RequireRecordsOfFiles()
    {
        if (Leftovers.Find(Folder, Read(StoredRecords.Read)).WithoutRecord is [var first, ..] unknown)
        {
            throw new FailedPreconditionException(
                "FILES_WITHOUT_RECORD",
                $"Stored files without a record in the PostgreSQL database: {unknown.Count}, the first is "
                    + $"'{Path.GetRelativePath(Folder.Root, first)}'; a crash leaves none: the database is older than the files. Restore the one "
                    + "that belongs to them. Nothing was changed.");
        }
    }
}

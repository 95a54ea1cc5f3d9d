using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using MedGen.Storage.Database;
using MedGen.Storage.Maintenance;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests.Databases;

/// <summary>A data folder and its PostgreSQL database belong together, and to one host at a time.</summary>
[Long]
public sealed class PostgresDatabaseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Open_OfADatabaseThatAHostHas_IsRefused()
    {
        TestDatabase database = PostgresTestDatabase.New();
        using StorageFixture first = new(configure: database.Configure);
        _ = first.Jobs;
        using StorageFixture second = new(configure: database.Configure);

        Reason(() => _ = second.Jobs).ShouldBe("DATABASE_IN_USE");
    }

    [Fact]
    public void Open_OfADatabaseOfAnotherFolder_IsRefused()
    {
        TestDatabase database = PostgresTestDatabase.New();
        using (StorageFixture first = new(configure: database.Configure))
        {
            _ = first.Jobs;
        }

        using StorageFixture second = new(configure: database.Configure);
        Reason(() => _ = second.Jobs).ShouldBe("DATABASE_FOREIGN");
    }

    [Fact]
    public async Task Open_WithAnOlderDatabase_IsRefusedBecauseOfItsFiles()
    {
        using StorageFixture storage = new(configure: PostgresTestDatabase.New().Configure);
        await storage.AddAsync([1]);
        storage.Close();

        using StorageFixture emptied = new(storage.Folder, configure: PostgresTestDatabase.New().Configure);
        Reason(() => _ = emptied.Jobs).ShouldBe("DATABASE_OLDER");
    }

    [Fact]
    public async Task Open_WithADatabaseThatDoesNotKnowTheFiles_IsRefused()
    {
        TestDatabase database = PostgresTestDatabase.New();
        using StorageFixture storage = new(configure: database.Configure);
        await storage.AddAsync([1]);
        database.Run(storage.Folder, "DELETE FROM artifacts");

        Reason(storage.ReopenDatabase).ShouldBe("FILES_WITHOUT_RECORD");
    }

    [Fact]
    public async Task Commands_OnItsFolder_RefuseAndNamePgDump()
    {
        TestDatabase database = PostgresTestDatabase.New();
        using StorageFixture storage = new(configure: database.Configure);
        _ = storage.Jobs;
        storage.Close();
        string backup = storage.Folder + "-backup";

        FailedPreconditionException error = await Should.ThrowAsync<FailedPreconditionException>(
            () => StoreBackup.RunAsync(storage.Folder, backup, dryRun: false, null, storage.Time, Token));

        (error.Reason, Directory.Exists(backup)).ShouldBe(("DATABASE_OTHER", false));
        error.Message.ShouldContain("pg_dump");
        Reason(() => StoreCheck.Run(storage.Folder, Token)).ShouldBe("DATABASE_OTHER");
        using StorageFixture without = new(storage.Folder);
        Reason(() => _ = without.Jobs).ShouldBe("DATABASE_OTHER");
    }

    [Fact]
    public void Open_OfAFolderWithSqlite_IsRefused()
    {
        using StorageFixture storage = new();
        _ = storage.Jobs;
        storage.Close();

        using StorageFixture other = new(storage.Folder, configure: PostgresTestDatabase.New().Configure);
        Reason(() => _ = other.Jobs).ShouldBe("DATABASE_OTHER");
    }

    [Fact]
    public void Open_WithTheWrongPassword_SaysWhichSettings()
    {
        TestDatabase database = PostgresTestDatabase.New();
        string password = Path.GetTempFileName();
        try
        {
            using StorageFixture storage = new(configure: options =>
            {
                database.Configure(options);
                options.DatabasePasswordFile = password;
            });

            FailedPreconditionException error = Should.Throw<FailedPreconditionException>(() => _ = storage.Jobs);
            error.Reason.ShouldBe("DATABASE_UNREACHABLE");
            error.Message.ShouldContain("storage.database_password_file");
        }
        finally
        {
            File.Delete(password);
        }
    }

    [Fact]
    public async Task Store_WhoseServerGoesDown_SaysSoAndGoesOnWhenItIsBack()
    {
        using PostgresServer server = PostgresServer.StartOwn();
        TestDatabase database = PostgresTestDatabase.On(server);
        using StorageFixture storage = new(configure: database.Configure);
        Job job = await storage.Jobs.CreateAsync(new NewJob { Kind = JobKind.Generation, Owner = "ann", Request = "{}" }, Token);

        server.Stop();
        (await Should.ThrowAsync<ResourceExhaustedException>(() => storage.Jobs.FindAsync(job.Id, Token))).Reason.ShouldBe("DATABASE_UNAVAILABLE");
        (await Should.ThrowAsync<ResourceExhaustedException>(() => storage.Jobs.RequestCancelAsync(job.Id, Token)))
            .Reason.ShouldBe("DATABASE_UNAVAILABLE");

        server.Start();
        (await storage.Jobs.RequestCancelAsync(job.Id, Token)).State.ShouldBe(JobState.Cancelled);

        // The server has forgotten the lock: the host that comes last has the database.
        database.Run(storage.Folder, "UPDATE facts SET document = '\"another\"' WHERE name = 'host'");
        AuditEntry entry = new() { Caller = "ann", Action = "A", Subject = "", Outcome = "ok" };
        (await Should.ThrowAsync<FailedPreconditionException>(() => storage.Audit.AppendAsync(entry, Token))).Reason.ShouldBe("DATABASE_IN_USE");
    }

    [Fact]
    public async Task Write_WhoseCommitIsNotAnswered_KeepsTheContent()
    {
        // The server may have committed: a record without its content would be a loss, a content without its record is swept at the next start.
        TestDatabase database = PostgresTestDatabase.New();
        using StorageFixture storage = new(configure: database.Configure);
        _ = storage.Jobs;
        database.Run(storage.Folder, """
            CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
            CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON artifacts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut();
            """);

        ResourceExhaustedException error = await Should.ThrowAsync<ResourceExhaustedException>(() => storage.AddAsync([1]));

        error.Message.ShouldContain("is not known");
        storage.ArtifactFiles.Length.ShouldBe(1);
        storage.ReopenDatabase();
        storage.Start.Sweep();
        storage.ArtifactFiles.ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_WhileItLasts_KeepsOtherHostsFromTakingTheDatabase()
    {
        TestDatabase database = PostgresTestDatabase.New();
        using StorageFixture storage = new(configure: database.Configure);

        string? refused = await storage.Services.GetRequiredService<StoreDatabase>().WriteAsync(
            _ => Should.Throw<Npgsql.PostgresException>(
                () => database.Run(storage.Folder, "SELECT FROM facts WHERE name = 'host' FOR UPDATE NOWAIT")).SqlState,
            Token);

        refused.ShouldBe("55P03");
    }

    [Fact]
    public async Task Write_ToAServerThatOnlyReads_IsUnavailable()
    {
        TestDatabase database = PostgresTestDatabase.New();
        using StorageFixture storage = new(configure: database.Configure);
        _ = storage.Jobs;
        database.Run(storage.Folder, """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$;
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
            """);

        // The first may meet a connection that the server has ended.
        for (int i = 0; i < 2; i++)
        {
            (await Should.ThrowAsync<ResourceExhaustedException>(() => storage.AddAsync([1]))).Reason.ShouldBe("DATABASE_UNAVAILABLE");
        }
    }

    private static string Reason(Action action) => Should.Throw<FailedPreconditionException>(action).Reason;
}

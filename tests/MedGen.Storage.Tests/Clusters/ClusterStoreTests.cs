using MedGen.Application.Artifacts;
using MedGen.Application.Cluster;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using MedGen.Storage.Cluster;
using MedGen.Storage.Tests.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests.Clusters;

/// <summary>Two hosts of a cluster on one database, each with a data folder of its own.</summary>
[Long]
public sealed class ClusterStoreTests : IDisposable
{
    private readonly StorageFixture _a;
    private readonly StorageFixture _b;
    private readonly ClusterTestDatabase _database = ClusterTestDatabase.New();

    public ClusterStoreTests()
    {
        _a = new StorageFixture(database: _database);
        _b = new StorageFixture(database: _database.Other());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public async Task ClaimNextAsync_AtManyHostsAtOnce_GivesEachJobToOne()
    {
        HashSet<string> created = [];
        for (int i = 0; i < 20; i++)
        {
            created.Add((await _a.Jobs.CreateAsync(NewJob, Token)).Id);
        }

        ClaimedJob?[] claimed = await Task.WhenAll(Enumerable.Range(0, 24).Select(
            i => Task.Run(() => (i % 2 == 0 ? _a : _b).Jobs.ClaimNextAsync(64, 64, Token))));

        claimed.OfType<ClaimedJob>().Select(one => one.Job.Id).ShouldBe(created, ignoreOrder: true);
        (await Claims(_b).ListAsync(Token)).Select(claim => claim.HostId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task ClaimNextAsync_OfAHostThatChooses_SeesWhichOthersAreBusy()
    {
        await _a.Jobs.CreateAsync(NewJob, Token);
        await _a.Jobs.CreateAsync(NewJob, Token);
        List<int> busy = [];

        (await _b.Jobs.ClaimNextAsync(64, 64, See, Token)).ShouldBeNull();
        await _a.Jobs.ClaimNextAsync(64, 64, Token);
        (await _b.Jobs.ClaimNextAsync(64, 64, See, Token)).ShouldBeNull();

        busy.ShouldBe([0, 0, 1]);

        bool See(JobCandidate one)
        {
            busy.Add(one.BusyHosts.Value.Count);
            return false;
        }
    }

    [Fact]
    public async Task AppendAsync_AtManyHostsAtOnce_NumbersHaveNoGaps()
    {
        await _a.Jobs.CreateAsync(NewJob, Token);
        Job job = (await _a.Jobs.ClaimNextAsync(64, 64, Token))!.Job;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            await _a.Jobs.AppendAsync(job.Id, new JobProgressed { Stage = JobStage.Denoising, StepsDone = i, StepsTotal = 20 }, Token);
            await _b.Audit.AppendAsync(new() { Caller = "ann", Action = "A", Subject = "", Outcome = "ok" }, Token);
            await _a.Audit.AppendAsync(new() { Caller = "ann", Action = "A", Subject = "", Outcome = "ok" }, Token);
        })));

        (await _b.Jobs.ReadEventsAsync(job.Id, 0, 100, Token)).Select(one => one.Number).ShouldBe(Enumerable.Range(1, 22).Select(n => (long)n));
        (await _b.Audit.VerifyAsync(Token)).Records.ShouldBe(40);
    }

    [Fact]
    public async Task Writes_OfAHostWhoseJobWasTakenBack_AreRefused()
    {
        await _a.Jobs.CreateAsync(NewJob, Token);
        Job job = (await _a.Jobs.ClaimNextAsync(64, 64, Token))!.Job;
        JobClaim claim = (await Claims(_b).ListAsync(Token)).ShouldHaveSingleItem();

        Job? back = await Claims(_b).TakeBackAsync(claim, running => running.Stopped(), Token);

        back!.State.ShouldBe(JobState.Queued);
        await ShouldBeRefusedAsync();
        (await _b.Jobs.ClaimNextAsync(64, 64, Token))!.Job.Id.ShouldBe(job.Id);
        await ShouldBeRefusedAsync();
        (await Claims(_a).TakeBackAsync(claim, running => running.Stopped(), Token)).ShouldBeNull();
        await _b.AddAsync([1], Clip(job.Id));
        await _b.Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Succeeded, Attempt = 2 }, Token);

        // A second success, by whomever.
        foreach (StorageFixture host in new[] { _a, _b })
        {
            (await Should.ThrowAsync<FailedPreconditionException>(
                () => host.Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Succeeded, Attempt = 1 }, Token))).Reason.ShouldBe("JOB_ENDED");
        }

        (await Claims(_a).ListAsync(Token)).ShouldBeEmpty();
        (await _a.Artifacts.ListAsync(new ArtifactQuery { JobId = job.Id }, Token)).Artifacts.Count.ShouldBe(1);

        async Task ShouldBeRefusedAsync()
        {
            JobProgressed progress = new() { Stage = JobStage.Denoising, StepsDone = 1, StepsTotal = 2 };
            await Should.ThrowAsync<JobTakenOverException>(() => _a.Jobs.AppendAsync(job.Id, progress, Token));
            await Should.ThrowAsync<JobTakenOverException>(
                () => _a.Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Succeeded, Attempt = 1 }, Token));
            await Should.ThrowAsync<JobTakenOverException>(() => _a.AddAsync([1], Clip(job.Id)));
        }
    }

    // One tenant waits with many jobs; whoever comes later with one has the next place, at whichever host it gets free.
    [Fact]
    public async Task ClaimNextAsync_WhileATenantFloods_GivesTheNextPlaceToTheOther()
    {
        for (int i = 0; i < 6; i++)
        {
            await _a.Jobs.CreateAsync(NewJob with { Owner = "flood", Tenant = "flood" }, Token);
        }

        Job first = (await _a.Jobs.ClaimNextAsync(64, 64, Token))!.Job;
        await _b.Jobs.CreateAsync(NewJob with { Owner = "modest", Tenant = "modest" }, Token);
        await _b.Jobs.CreateAsync(NewJob with { Owner = "modest", Tenant = "modest" }, Token);

        List<string> order = [first.Owner];
        foreach (StorageFixture host in new[] { _b, _a, _b, _a })
        {
            order.Add((await host.Jobs.ClaimNextAsync(64, 64, Token))!.Job.Owner);
        }

        order.ShouldBe(["flood", "modest", "flood", "modest", "flood"]);
    }

    [Fact]
    public async Task Writes_OfAHostThatIsOlderThanTheTables_AreRefused()
    {
        await _a.Jobs.CreateAsync(NewJob, Token);
        _database.Run(_a.Folder, "INSERT INTO schema_version (version) VALUES (1000)");

        foreach (StorageFixture host in new[] { _a, _b })
        {
            (await Should.ThrowAsync<FailedPreconditionException>(() => host.Jobs.CreateAsync(NewJob, Token))).Reason.ShouldBe("SCHEMA_TOO_NEW");
        }

        (await Should.ThrowAsync<FailedPreconditionException>(() => _a.Jobs.ClaimNextAsync(64, 64, Token))).Reason.ShouldBe("SCHEMA_TOO_NEW");
        using StorageFixture later = new(database: _database.Other());
        Should.Throw<FailedPreconditionException>(() => _ = later.Jobs).Reason.ShouldBe("SCHEMA_TOO_NEW");
    }

    [Fact]
    public async Task OpenAsync_OfAnArtifactOfAnotherHost_FetchesAndKeepsACopy()
    {
        byte[] content = new byte[300_000];
        new Random(1).NextBytes(content);
        Artifact artifact = await _a.AddAsync(content);

        (await ReadAsync(_b, artifact)).ShouldBe(content);
        File.ReadAllBytes(_b.ContentOf(artifact)).ShouldBe(content);

        // Deleted at one host, it goes everywhere.
        await _b.Artifacts.DeleteAsync(artifact.Id, Token);
        await Should.ThrowAsync<ResourceNotFoundException>(() => ReadAsync(_a, artifact));
        (await Removals(_a).DeleteDueAsync(Token)).ShouldBe(1);
        (await _a.Services.GetRequiredService<ISharedContents>().TryGetAsync(artifact.Id, Path.Combine(_a.Folder, "none"), Token)).ShouldBeFalse();
        _a.Start.Sweep();
        _a.ArtifactFiles.ShouldBeEmpty();
        _b.ArtifactFiles.ShouldBeEmpty();
    }

    [Fact]
    public async Task AddAsync_OfAContentThatAnotherHostDeletes_KeepsItForTheOther()
    {
        Artifact first = await _a.AddAsync([1, 2, 3]);
        Artifact second = await _b.AddAsync([1, 2, 3]);

        await _a.Artifacts.DeleteAsync(first.Id, Token);
        await Removals(_a).DeleteDueAsync(Token);
        File.Delete(_b.ContentOf(second));

        (await ReadAsync(_b, second)).ShouldBe([1, 2, 3]);
        (await ReadAsync(_a, second)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Contents_WhoseHostDiedBeforeTheirRecord_GoAfterADay()
    {
        ISharedContents contents = _a.Services.GetRequiredService<ISharedContents>();
        string id = Guid.NewGuid().ToString("N");
        await Removals(_a).ExpectAsync(id, Token);
        await contents.PutAsync(id, Environment.ProcessPath!, Token);

        (await Removals(_b).DeleteDueAsync(Token)).ShouldBe(0);
        _b.Time.Advance(TimeSpan.FromDays(2));
        (await Removals(_b).DeleteDueAsync(Token)).ShouldBe(1);

        (await contents.TryGetAsync(id, Path.Combine(_a.Folder, "none"), Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Checkpoints_AreThoseOfAllHosts()
    {
        ICheckpointStore a = _a.Services.GetRequiredService<ICheckpointStore>();
        ICheckpointStore b = _b.Services.GetRequiredService<ICheckpointStore>();
        string job = Guid.NewGuid().ToString("N");
        (await b.FindAsync(job, Token)).ShouldBeNull();

        await a.SaveAsync(job, new byte[200_000], Token);
        await a.SaveAsync(job, new byte[] { 1, 2 }, Token);

        (await b.FindAsync(job, Token))!.Value.ToArray().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Start_OfAHostAlone_OnTheDatabaseOfACluster_IsRefusedAndTheOtherWayRound()
    {
        await _a.AddAsync([1]);
        using StorageFixture alone = new(configure: options =>
        {
            _database.Configure(options);
            options.ClusterHost = null;
        });
        Should.Throw<FailedPreconditionException>(() => _ = alone.Jobs).Reason.ShouldBe("DATABASE_IN_USE");
        _a.Close();
        _b.Close();
        using StorageFixture later = new(configure: options =>
        {
            _database.Configure(options);
            options.ClusterHost = null;
        });
        Should.Throw<FailedPreconditionException>(() => _ = later.Jobs).Reason.ShouldBe("DATABASE_FOREIGN");
        using StorageFixture folder = new(_a.Folder);
        Should.Throw<FailedPreconditionException>(() => _ = folder.Jobs).Reason.ShouldBe("DATABASE_OTHER");
    }

    [Fact]
    public async Task Start_WithAKeyOfItsOwn_IsRefusedUntilItHasThatOfTheCluster()
    {
        await _a.Start.StartingAsync(Token);
        (await Should.ThrowAsync<FailedPreconditionException>(() => _b.Start.StartingAsync(Token))).Reason.ShouldBe("CLUSTER_KEY_OTHER");

        File.Copy(Path.Combine(_a.Folder, "host-key.pem"), Path.Combine(_b.Folder, "host-key.pem"), overwrite: true);
        _b.Reopen();
        await _b.Start.StartingAsync(Token);
    }

    [Fact]
    public async Task Start_WithAnotherPlaceOfFiles_IsRefused()
    {
        await _a.Start.StartingAsync(Token);
        using StorageFixture other = new(database: _database.Other(options => options with
        {
            Files = "s3://bucket", FilesEndpoint = "http://127.0.0.1:1", FilesCredentialsFile = KeysFile(),
        }));
        Directory.CreateDirectory(other.Folder);
        File.Copy(Path.Combine(_a.Folder, "host-key.pem"), Path.Combine(other.Folder, "host-key.pem"), overwrite: true);
        other.Reopen();

        FailedPreconditionException refusal = await Should.ThrowAsync<FailedPreconditionException>(() => other.Start.StartingAsync(Token));

        (refusal.Reason, refusal.Message).ShouldBe(
            ("CLUSTER_FILES_OTHER",
            "The files of this cluster are at 'nats', and cluster.files of this host names 's3://bucket'. Nothing moves them by itself."));
    }

    private string KeysFile()
    {
        string path = Path.Combine(_a.Folder, "keys");
        File.WriteAllText(path, "[default]\naws_access_key_id = a\naws_secret_access_key = b\n");
        return path;
    }

    private static NewJob NewJob => new() { Kind = JobKind.Generation, Owner = "ann", Request = "{}" };

    private static NewArtifact Clip(string jobId) => new() { FileName = "a.mp4", MediaType = "video/mp4", Owner = "ann", JobId = jobId };

    private static IJobClaims Claims(StorageFixture host) => host.Services.GetRequiredService<IJobClaims>();

    private static ContentRemovals Removals(StorageFixture host) => host.Services.GetRequiredService<ContentRemovals>();

    private static async Task<byte[]> ReadAsync(StorageFixture host, Artifact artifact)
    {
        await using ArtifactContent content = await host.Artifacts.OpenAsync(artifact.Id, Token);
        using MemoryStream copy = new();
        await content.Content.CopyToAsync(copy, Token);
        return copy.ToArray();
    }
}

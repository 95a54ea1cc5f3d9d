using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Cluster;
using MedGen.Application.Jobs;
using MedGen.Application.Models;
using MedGen.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Tests;

/// <summary>What a host does for jobs of hosts that are gone.</summary>
public sealed class PeerWatchTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-peers-");
    private readonly SettableClock _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly FakePeers _peers = new();
    private readonly RunningJobs _running = new();
    private readonly ServiceProvider _services;
    private readonly JobQueue _queue;
    private readonly PeerWatch _watch;

    public PeerWatchTests()
    {
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddMedGenStorage(options =>
        {
            options.DataFolder = Path.Combine(_folder.FullName, "data");
            options.ClusterHost = "worker";
        }).BuildServiceProvider();
        JobFeed feed = new();
        _queue = new JobQueue(
            Jobs, _services.GetRequiredService<ICheckpointStore>(), _services.GetRequiredService<IArtifactStore>(), feed, _running, _peers,
            new JobPlacement(_peers, new AdapterNames(Options.Create(new MedGenApplicationOptions())), _time), _time);
        _watch = new PeerWatch(
            _peers, Jobs, Claims, _queue, feed, _running, _services.GetRequiredService<RecordsClock>(), _services.GetRequiredService<IAuditLog>(),
            Options.Create(new MedGenApplicationOptions { MaxAttempts = 3 }), _time, NullLogger<PeerWatch>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IJobStore Jobs => _services.GetRequiredService<IJobStore>();

    private IJobClaims Claims => _services.GetRequiredService<IJobClaims>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Look_AtAHostThatIsGone_TakesItsJobBackAfterALease()
    {
        Job job = await ClaimedAsync();
        _peers.HostId = "front";
        _peers.Live = [Host("front"), Host("worker")];
        await LookAfterAsync(TimeSpan.FromMinutes(10));
        await LookAfterAsync(TimeSpan.FromMinutes(10));
        (await StateAsync(job)).ShouldBe(JobState.Running);

        _peers.Live = [Host("front")];
        await LookAfterAsync(TimeSpan.FromMinutes(10));
        (await StateAsync(job)).ShouldBe(JobState.Running); // seen to be gone just now

        // It comes back, and is gone again: the lease begins anew. Who sees nobody calls nobody dead.
        _peers.Live = [Host("front"), Host("worker")];
        await LookAfterAsync(TimeSpan.FromMinutes(10));
        _peers.Live = [Host("front")];
        await LookAfterAsync(TimeSpan.FromMinutes(10));
        _peers.Live = null;
        await LookAfterAsync(TimeSpan.FromMinutes(10));
        _peers.Live = [Host("front")];
        await LookAfterAsync(TimeSpan.FromMinutes(10));
        await LookAfterAsync(TimeSpan.FromSeconds(9));
        (await StateAsync(job)).ShouldBe(JobState.Running);
        await LookAfterAsync(TimeSpan.FromSeconds(2));

        (await StateAsync(job)).ShouldBe(JobState.Queued);
        _peers.Told.ShouldContain(new PeerNews(PeerNewsKind.JobQueued, job.Id));
        await Should.ThrowAsync<JobTakenOverException>(
            () => Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Succeeded, Attempt = 1 }, Token));
    }

    [Fact]
    public async Task Look_AtALiveHostThatDoesNotGetAtTheRecords_TakesItsJobBackAfterALease()
    {
        Job job = await ClaimedAsync();
        _peers.HostId = "front";
        _peers.Live = [Host("front"), Host("worker") with { IsWithoutRecords = true }];
        await LookAfterAsync(TimeSpan.Zero);
        await LookAfterAsync(TimeSpan.FromSeconds(9));
        (await StateAsync(job)).ShouldBe(JobState.Running);

        await LookAfterAsync(TimeSpan.FromSeconds(2));

        (await StateAsync(job)).ShouldBe(JobState.Queued);
    }

    [Fact]
    public async Task Look_AtAJobThatKillsItsHosts_FailsItAfterTheLastAttempt()
    {
        Job job = await ClaimedAsync();
        _peers.HostId = "front";
        _peers.Live = [Host("front")];
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            (await Jobs.FindAsync(job.Id, Token))!.Attempt.ShouldBe(attempt);
            await LookAfterAsync(TimeSpan.Zero);
            await LookAfterAsync(TimeSpan.FromSeconds(10));
            await Jobs.ClaimNextAsync(9, 9, Token);
        }

        Job ended = (await Jobs.FindAsync(job.Id, Token))!;
        ended.State.ShouldBe(JobState.Failed);
        ended.Error!.Reason.ShouldBe("ATTEMPTS_EXHAUSTED");
        ended.Error.Message.ShouldStartWith("The host that ran it is gone during each of 3 attempts");
        (await Claims.ListAsync(Token)).ShouldBeEmpty();
        AuditRecord record = (await _services.GetRequiredService<IAuditLog>().ReadAsync(new AuditQuery(), Token)).ShouldHaveSingleItem();
        (record.Entry.Action, record.Entry.Outcome).ShouldBe(("JobEnded", "ATTEMPTS_EXHAUSTED"));
    }

    [Fact]
    public async Task Look_AtOwnJobs_CancelsThoseThatAreToBeOrAreAnothersNow()
    {
        Job cancelled = await ClaimedAsync();
        Job taken = await ClaimedAsync();
        Job kept = await ClaimedAsync();
        using RunningJobs.Entry first = _running.Add(cancelled.Id);
        using RunningJobs.Entry second = _running.Add(taken.Id);
        using RunningJobs.Entry third = _running.Add(kept.Id);
        _peers.Live = [Host("worker")];
        await Jobs.RequestCancelAsync(cancelled.Id, Token);
        await Claims.TakeBackAsync(new JobClaim(taken.Id, "worker"), job => job.Stopped(), Token);

        await LookAfterAsync(TimeSpan.Zero);

        await Task.WhenAll(CancelledAsync(first.Token), CancelledAsync(second.Token));
        (first.IsTakenOver, second.IsTakenOver).ShouldBe((false, true));
        third.Token.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task ClaimNext_OfAJobThatStillRunsHere_LetsItsRunGoOn()
    {
        Job job = await ClaimedAsync();
        await Claims.TakeBackAsync(new JobClaim(job.Id, "worker"), running => running.Stopped(), Token);

        (await _queue.ClaimNextAsync(9, 9, Token)).ShouldBeNull();

        (await Claims.ListAsync(Token)).ShouldHaveSingleItem().ShouldBe(new JobClaim(job.Id, "worker"));
        await _queue.AppendAsync(job.Id, new JobStateChanged { State = JobState.Succeeded, Attempt = 1 }, Token);
    }

    [Fact]
    public async Task ClaimNext_WhileTheHostDrains_GivesNothing()
    {
        await Jobs.CreateAsync(New, Token);
        _peers.BeginsJobs = false;
        (await _queue.ClaimNextAsync(9, 9, Token)).ShouldBeNull();
        _peers.BeginsJobs = true;
        (await _queue.ClaimNextAsync(9, 9, Token)).ShouldNotBeNull();
    }

    private static NewJob New => new() { Kind = JobKind.Generation, Owner = "ann", Request = "{}" };

    private static PeerHost Host(string id) => new() { Id = id, Name = id };

    private async Task<Job> ClaimedAsync()
    {
        await Jobs.CreateAsync(New, Token);
        return (await _queue.ClaimNextAsync(9, 9, Token))!.Job;
    }

    private async Task LookAfterAsync(TimeSpan time)
    {
        _time.Advance(time);
        await _watch.LookAsync(Token);
    }

    private async Task<JobState> StateAsync(Job job) => (await Jobs.FindAsync(job.Id, Token))!.State;

    private static async Task CancelledAsync(CancellationToken cancelled)
    {
        TaskCompletionSource came = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancelled.Register(came.SetResult))
        {
            await came.Task.WaitAsync(Token);
        }
    }
}

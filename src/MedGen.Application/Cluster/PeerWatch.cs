using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Running;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Cluster;

/// <summary>
/// What a host of a cluster does beside its own jobs. It passes on what others tell; and every two seconds, since news get lost, it looks at the
/// records itself: for new work, for cancels, for jobs that were taken from it, and for jobs of hosts that are dead, which it puts back into the
/// queue.
/// </summary>
internal sealed class PeerWatch(
    IPeerHosts peers,
    IJobStore store,
    IJobClaims claims,
    JobQueue queue,
    JobFeed feed,
    RunningJobs running,
    RecordsClock clock,
    IAuditLog audit,
    IOptions<MedGenApplicationOptions> options,
    TimeProvider time,
    ILogger<PeerWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // Since when a claim has had no live host, or one that gets no answer from the records, and so can neither go on nor end its job. A host needs a
    // whole lease of seeing the others to call one of them dead: after the servers were away, everybody has that long to be heard of again.
    private readonly Dictionary<JobClaim, long> _orphans = [];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before this host takes or runs any job.
        await LookAtTheClockAsync(cancellationToken).ConfigureAwait(false);
        peers.Heard += Hear;
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        peers.Heard -= Hear;
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await LookAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    /// <summary>Looks at the records once.</summary>
    internal async Task LookAsync(CancellationToken stop)
    {
        peers.NoteJobs(running.Held.Length);
        feed.PublishAll();
        queue.Wake();
        try
        {
            await LookAtTheClockAsync(stop).ConfigureAwait(false);
            await LookAfterOwnAsync(stop).ConfigureAwait(false);
            await TakeBackAsync(stop).ConfigureAwait(false);
            peers.NoteRecords();
        }
        catch (ResourceExhaustedException exception)
        {
            // The database or the servers are away: nothing is known, so nobody is called dead.
            _orphans.Clear();
            Log.PeersNotSeen(logger, exception.Reason);
        }
    }

    private void Hear(PeerNews news)
    {
        switch (news.Kind)
        {
            case PeerNewsKind.JobQueued:
                queue.Wake();
                break;
            case PeerNewsKind.JobChanged:
                feed.Publish(news.Subject);
                break;
            case PeerNewsKind.JobCancelled:
                feed.Publish(news.Subject);
                running.Cancel(news.Subject);
                break;
        }
    }

    private async Task LookAtTheClockAsync(CancellationToken stop)
    {
        if (clock.Compare(await claims.ReadTimeAsync(stop).ConfigureAwait(false)))
        {
            Log.ClockDiffers(logger, clock.Offset.TotalSeconds);
        }
    }

    private async Task LookAfterOwnAsync(CancellationToken stop)
    {
        string[] held = running.Held;
        if (held.Length == 0)
        {
            return;
        }

        HashSet<string> mine = [.. (await claims.ListAsync(stop).ConfigureAwait(false))
            .Where(claim => claim.HostId == peers.HostId).Select(claim => claim.JobId)];
        foreach (string jobId in held)
        {
            if (!mine.Contains(jobId))
            {
                running.Abandon(jobId);
            }
            else if (await store.FindAsync(jobId, stop).ConfigureAwait(false) is null or { CancelRequested: true })
            {
                running.Cancel(jobId);
            }
        }
    }

    private async Task TakeBackAsync(CancellationToken stop)
    {
        IReadOnlyList<JobClaim> all = await claims.ListAsync(stop).ConfigureAwait(false);
        if (await peers.FindLiveAsync(stop).ConfigureAwait(false) is not { } live)
        {
            _orphans.Clear();
            return;
        }

        HashSet<string> alive = [.. live.Where(host => !host.IsWithoutRecords).Select(host => host.Id)];

        // One of this host's own that nobody works on: its end could not be recorded.
        JobClaim[] orphans =
        [
            .. all.Where(claim => claim.HostId == peers.HostId ? !running.Holds(claim.JobId) : !alive.Contains(claim.HostId)),
        ];
        foreach (JobClaim found in _orphans.Keys.Except(orphans).ToArray())
        {
            _orphans.Remove(found);
        }

        foreach (JobClaim orphan in orphans)
        {
            if (!_orphans.TryGetValue(orphan, out long since))
            {
                _orphans[orphan] = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(since) >= peers.Lease)
            {
                await TakeBackAsync(orphan, stop).ConfigureAwait(false);
                _orphans.Remove(orphan);
            }
        }
    }

    private async Task TakeBackAsync(JobClaim orphan, CancellationToken stop)
    {
        Job? job = await queue.TakeBackAsync(
            claims, orphan, running => Interruption.Of(running, options.Value.MaxAttempts, "The host that ran it is gone"), stop)
            .ConfigureAwait(false);
        if (job is null)
        {
            return;
        }

        Log.JobTakenBack(logger, job.Id, orphan.HostId, job.State);
        if (job.HasEnded)
        {
            string outcome = job.Error?.Reason ?? job.State.ToString().ToUpperInvariant();
            AuditEntry entry = new() { Caller = job.Owner, Action = "JobEnded", Subject = $"job:{job.Id}", Outcome = outcome, Tenant = job.Tenant };
            await audit.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using MedGen.Application.Artifacts;
using MedGen.Application.Cluster;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Jobs;

/// <summary>
/// Writes to the job store and tells whoever waits: watchers of the job, and the runner when work has come. A job's checkpoint and folder go when the
/// job ends. Hosts of a cluster are told, too.
/// </summary>
internal sealed class JobQueue(
    IJobStore store, ICheckpointStore checkpoints, IArtifactStore artifacts, JobFeed feed, RunningJobs running, IPeerHosts peers,
    JobPlacement placement, TimeProvider time) : IDisposable
{
    // From the call that asked for a job to the run, so that they are one trace; a job that outlives the host begins a new one.
    private readonly ConcurrentDictionary<string, ActivityContext> _traces = new(StringComparer.Ordinal);
    private readonly WakeUp _work = new();
    private readonly WakeUp _deadline = new();
    private ITimer? _again;

    public async Task<Job> CreateAsync(NewJob job, CancellationToken cancellationToken)
    {
        if (!peers.TakesRequests)
        {
            throw new FailedPreconditionException(
                "HOST_TAKES_NO_REQUESTS", "This host only runs what other hosts of its cluster were asked for (cluster.role); ask one of them.");
        }

        Job created = await store.CreateAsync(job, cancellationToken).ConfigureAwait(false);
        if (Activity.Current is { } activity)
        {
            _traces[created.Id] = activity.Context;
        }

        peers.Tell(new PeerNews(PeerNewsKind.JobQueued, created.Id));
        _work.Call();
        if (created.DeadlineAt is not null)
        {
            _deadline.Call();
        }

        return created;
    }

    /// <summary>The trace in which a job was asked for; none after a restart, or when it was taken before.</summary>
    public ActivityContext TakeTrace(string jobId) => _traces.TryRemove(jobId, out ActivityContext trace) ? trace : default;

    /// <summary>Completes when a job may have joined the queue since the last call.</summary>
    public Task WorkArrivedAsync(CancellationToken cancellationToken) => _work.CalledAsync(cancellationToken);

    /// <summary>Completes when a job with a deadline may have joined the queue since the last call.</summary>
    public Task DeadlineJoinedAsync(CancellationToken cancellationToken) => _deadline.CalledAsync(cancellationToken);

    public async Task<IReadOnlyList<Job>> FailOverdueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Job> failed = await store.FailOverdueAsync(cancellationToken).ConfigureAwait(false);
        foreach (Job job in failed)
        {
            Forget(job.Id);
            Publish(job.Id);
        }

        return failed;
    }

    public async Task<ClaimedJob?> ClaimNextAsync(int maxRunningPerOwner, int maxRunningPerTenant, CancellationToken cancellationToken)
    {
        while (peers.BeginsJobs
            && await store.ClaimNextAsync(
                (int)Math.Min(int.MaxValue, (long)maxRunningPerOwner * peers.Workers),
                (int)Math.Min(int.MaxValue, (long)maxRunningPerTenant * peers.Workers),
                await placement.ChoiceAsync(cancellationToken).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false) is { } claimed)
        {
            Publish(claimed.Job.Id);

            // Held still: it was taken back from this host while it was away, and the run of then goes on.
            if (running.TryHold(claimed.Job.Id))
            {
                return claimed;
            }
        }

        if (placement.NextLook is { } wait)
        {
            _again ??= time.CreateTimer(_ => _work.Call(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _again.Change(wait, Timeout.InfiniteTimeSpan);
        }

        return null;
    }

    public void Dispose() => _again?.Dispose();

    /// <summary>Wakes whoever waits for work or for deadlines: another host may have brought some.</summary>
    public void Wake()
    {
        _work.Call();
        _deadline.Call();
    }

    /// <summary>Ends the claim of a host that is gone, and tells everybody.</summary>
    /// <returns>The job afterwards; null: the claim had ended.</returns>
    public async Task<Job?> TakeBackAsync(IJobClaims claims, JobClaim claim, Func<Job, JobStateChanged> end, CancellationToken cancellationToken)
    {
        Job? job = await claims.TakeBackAsync(claim, end, cancellationToken).ConfigureAwait(false);
        if (job is not null)
        {
            Publish(job.Id);
            if (job.HasEnded)
            {
                Forget(job.Id);
            }
            else
            {
                peers.Tell(new PeerNews(PeerNewsKind.JobQueued, job.Id));
            }

            Wake();
        }

        return job;
    }

    public async Task<JobEvent> AppendAsync(string jobId, JobEventPayload payload, CancellationToken cancellationToken)
    {
        if (payload is JobStateChanged { State: JobState.Succeeded or JobState.Failed or JobState.Cancelled })
        {
            // First: whoever learns that the job has ended finds nothing of it left.
            artifacts.DeleteJobFolder(jobId);
        }

        JobEvent appended = await store.AppendAsync(jobId, payload, cancellationToken).ConfigureAwait(false);
        Publish(jobId);
        switch (payload)
        {
            case JobStateChanged { State: JobState.Queued }:
                peers.Tell(new PeerNews(PeerNewsKind.JobQueued, jobId));
                _deadline.Call();
                break;
            case JobStateChanged { State: JobState.Succeeded or JobState.Failed or JobState.Cancelled }:
                checkpoints.Delete(jobId);

                // Its caller may have as many running as are allowed, and more that wait.
                _work.Call();
                break;
        }

        return appended;
    }

    public async Task<Job> CancelAsync(string jobId, CancellationToken cancellationToken)
    {
        Job job = await store.RequestCancelAsync(jobId, cancellationToken).ConfigureAwait(false);
        feed.Publish(jobId);
        peers.Tell(new PeerNews(PeerNewsKind.JobCancelled, jobId));
        await running.CancelAsync(jobId).ConfigureAwait(false);
        if (job.HasEnded)
        {
            Forget(jobId);
        }

        return job;
    }

    private void Publish(string jobId)
    {
        feed.Publish(jobId);
        peers.Tell(new PeerNews(PeerNewsKind.JobChanged, jobId));
    }

    private void Forget(string jobId)
    {
        _traces.TryRemove(jobId, out _);
        checkpoints.Delete(jobId);
        artifacts.DeleteJobFolder(jobId);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using MedGen.Application.Artifacts;

namespace MedGen.Application.Jobs;

/// <summary>
/// Writes to the job store and tells whoever waits: watchers of the job, and the runner when work has come. A job's checkpoint and folder go when the
/// job ends.
/// </summary>
internal sealed class JobQueue(IJobStore store, ICheckpointStore checkpoints, IArtifactStore artifacts, JobFeed feed, RunningJobs running)
{
    // From the call that asked for a job to the run, so that they are one trace; a job that outlives the host begins a new one.
    private readonly ConcurrentDictionary<string, ActivityContext> _traces = new(StringComparer.Ordinal);
    private readonly WakeUp _work = new();
    private readonly WakeUp _deadline = new();

    public async Task<Job> CreateAsync(NewJob job, CancellationToken cancellationToken)
    {
        Job created = await store.CreateAsync(job, cancellationToken).ConfigureAwait(false);
        if (Activity.Current is { } activity)
        {
            _traces[created.Id] = activity.Context;
        }

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
            feed.Publish(job.Id);
        }

        return failed;
    }

    public async Task<ClaimedJob?> ClaimNextAsync(int maxRunningPerOwner, int maxRunningPerTenant, CancellationToken cancellationToken)
    {
        ClaimedJob? claimed = await store.ClaimNextAsync(maxRunningPerOwner, maxRunningPerTenant, cancellationToken).ConfigureAwait(false);
        if (claimed is not null)
        {
            feed.Publish(claimed.Job.Id);
        }

        return claimed;
    }

    public async Task<JobEvent> AppendAsync(string jobId, JobEventPayload payload, CancellationToken cancellationToken)
    {
        if (payload is JobStateChanged { State: JobState.Succeeded or JobState.Failed or JobState.Cancelled })
        {
            // First: whoever learns that the job has ended finds nothing of it left.
            artifacts.DeleteJobFolder(jobId);
        }

        JobEvent appended = await store.AppendAsync(jobId, payload, cancellationToken).ConfigureAwait(false);
        feed.Publish(jobId);
        switch (payload)
        {
            case JobStateChanged { State: JobState.Queued }:
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
        await running.CancelAsync(jobId).ConfigureAwait(false);
        if (job.HasEnded)
        {
            Forget(jobId);
        }

        return job;
    }

    private void Forget(string jobId)
    {
        _traces.TryRemove(jobId, out _);
        checkpoints.Delete(jobId);
        artifacts.DeleteJobFolder(jobId);
    }
}

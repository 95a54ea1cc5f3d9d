using System.Threading.Channels;

namespace MedGen.Application.Jobs;

/// <summary>Writes to the job store and tells whoever waits: watchers of the job, and the runner when work has come.</summary>
internal sealed class JobLog(IJobStore store, JobFeed feed, RunningJobs running)
{
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public async Task<Job> CreateAsync(NewJob job, CancellationToken cancellationToken)
    {
        Job created = await store.CreateAsync(job, cancellationToken);
        _work.Writer.TryWrite(true);
        return created;
    }

    /// <summary>Completes when a job may have joined the queue since the last call.</summary>
    public async Task WorkArrivedAsync(CancellationToken cancellationToken) => await _work.Reader.ReadAsync(cancellationToken);

    public async Task<ClaimedJob?> ClaimNextAsync(CancellationToken cancellationToken)
    {
        ClaimedJob? claimed = await store.ClaimNextAsync(cancellationToken);
        if (claimed is not null)
        {
            feed.Publish(claimed.Job.Id);
        }

        return claimed;
    }

    public async Task<JobEvent> AppendAsync(string jobId, JobEventPayload payload, CancellationToken cancellationToken)
    {
        JobEvent appended = await store.AppendAsync(jobId, payload, cancellationToken);
        feed.Publish(jobId);
        return appended;
    }

    public async Task<Job> CancelAsync(string jobId, CancellationToken cancellationToken)
    {
        Job job = await store.RequestCancelAsync(jobId, cancellationToken);
        feed.Publish(jobId);
        await running.CancelAsync(jobId);
        return job;
    }
}

using MedGen.Application.Cluster;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Jobs.Running;

/// <summary>
/// Takes up, before any job runs, what a host left as running that ended without its orderly stop. In a cluster others may run them:
/// <see cref="PeerWatch"/> knows.
/// </summary>
internal sealed class CrashRecovery(
    IJobStore store, JobQueue queue, IPeerHosts peers, IOptions<MedGenApplicationOptions> options, ILogger<CrashRecovery> logger)
{
    public async Task RunAsync(CancellationToken stop)
    {
        if (peers.IsCluster)
        {
            return;
        }

        List<Job> interrupted = [];
        string? page = null;
        do
        {
            JobPage jobs = await store.ListAsync(new JobQuery { State = JobState.Running, PageSize = 500, PageToken = page }, stop)
                .ConfigureAwait(false);
            interrupted.AddRange(jobs.Jobs);
            page = jobs.NextPageToken;
        }
        while (page is not null);

        foreach (Job job in interrupted)
        {
            await queue.AppendAsync(job.Id, Interruption.Of(job, options.Value.MaxAttempts, "The host ended unexpectedly"), stop)
                .ConfigureAwait(false);
            Log.JobRecovered(logger, job.Id, job.Attempt);
        }
    }
}

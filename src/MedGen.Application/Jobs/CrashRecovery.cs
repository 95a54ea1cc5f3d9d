using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Jobs;

/// <summary>Takes up, before any job runs, what a host left as running that ended without its orderly stop.</summary>
internal sealed class CrashRecovery(IJobStore store, JobLog log, IOptions<MedGenApplicationOptions> options, ILogger<CrashRecovery> logger)
{
    public async Task RunAsync(CancellationToken stop)
    {
        List<Job> interrupted = [];
        string? page = null;
        do
        {
            JobPage jobs = await store.ListAsync(new ListJobs { State = JobState.Running, PageSize = 500, PageToken = page }, stop);
            interrupted.AddRange(jobs.Jobs);
            page = jobs.NextPageToken;
        }
        while (page is not null);

        foreach (Job job in interrupted)
        {
            await log.AppendAsync(job.Id, AfterCrash(job), stop);
            Log.JobRecovered(logger, job.Id, job.Attempt);
        }
    }

    private JobStateChanged AfterCrash(Job job)
    {
        if (job.CancelRequested)
        {
            return new JobStateChanged { State = JobState.Cancelled, Attempt = job.Attempt };
        }

        // Whatever ended the host, the job came further, or had not begun: only starts that lead nowhere are numbered.
        int attempt = job.HasAdvanced ? 0 : job.Position > 0 ? job.Attempt - 1 : job.Attempt;
        if (attempt >= options.Value.MaxAttempts)
        {
            string message = $"The host ended unexpectedly during each of {attempt} attempts to run this job; it is not tried again.";
            JobError error = new() { Reason = "ATTEMPTS_EXHAUSTED", Message = message };
            return new JobStateChanged { State = JobState.Failed, Attempt = job.Attempt, Error = error };
        }

        string note = job.SavedSteps > 0
            ? $"The host ended unexpectedly; the job goes on after step {job.SavedSteps}."
            : "The host ended unexpectedly; the job runs again.";
        return new JobStateChanged { State = JobState.Queued, Attempt = attempt, Note = note };
    }
}

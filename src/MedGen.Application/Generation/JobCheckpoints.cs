using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Running;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using Microsoft.Extensions.Logging;

namespace MedGen.Application.Generation;

/// <summary>
/// Between a running generation and the store of checkpoints. A checkpoint that cannot be stored ends no job: it costs steps after a crash, no more.
/// </summary>
internal sealed class JobCheckpoints(ICheckpointStore store, ILogger<JobCheckpoints> logger)
{
    /// <summary>Where a job goes on; null: at the beginning.</summary>
    public async Task<GenerationCheckpoint?> FindAsync(Job job, CancellationToken cancellationToken) =>
        await store.FindAsync(job.Id, cancellationToken).ConfigureAwait(false) is { } content
            ? new GenerationCheckpoint { Step = job.SavedSteps, Content = content }
            : null;

    /// <summary>Stores a checkpoint, then says so in the job's log.</summary>
    public async Task SaveAsync(string jobId, GenerationCheckpoint checkpoint, JobReporter reporter)
    {
        try
        {
            // The last one of a job that was told to stop is the one that matters most.
            await store.SaveAsync(jobId, checkpoint.Content, CancellationToken.None).ConfigureAwait(false);
            await reporter.ReportAsync(new JobCheckpointed { Step = checkpoint.Step }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ResourceExhaustedException or IOException or UnauthorizedAccessException)
        {
            Log.CheckpointNotStored(logger, jobId, (exception as MedGenException)?.Reason ?? exception.GetType().Name);
        }
    }

    /// <summary>Removes a checkpoint that the model cannot use, and says so in the job's log.</summary>
    public async Task RejectAsync(string jobId, CheckpointRejected rejected, JobReporter reporter)
    {
        store.Delete(jobId);
        await reporter.ReportAsync(new JobRestarted { Reason = rejected.Reason }, CancellationToken.None).ConfigureAwait(false);
    }
}

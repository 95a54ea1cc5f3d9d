using MedGen.Application.Access;
using MedGen.Sdk.Errors;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Admission;

/// <summary>
/// Lets work in while there is room. Between the look at the queue and the new job in it nobody else gets in, so the limits hold exactly.
/// </summary>
internal sealed class AdmissionGate(IJobStore jobs, IArtifactStore artifacts, IOptions<MedGenApplicationOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _door = new(1);

    /// <summary>Runs work if it may come in.</summary>
    /// <exception cref="ResourceExhaustedException">A limit is reached; the message names it.</exception>
    public async Task<T> EnterAsync<T>(Caller caller, WorkEstimate estimate, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (estimate.WritesFiles)
        {
            artifacts.RequireRoom(estimate.FileBytes);
        }

        if (!estimate.AddsJob)
        {
            return await work().ConfigureAwait(false);
        }

        await _door.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RequireQueue(await jobs.GetLoadAsync(caller.Name, caller.OwnTenant, cancellationToken).ConfigureAwait(false), estimate);
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _door.Release();
        }
    }

    public void Dispose() => _door.Dispose();

    private void RequireQueue(QueueLoad load, WorkEstimate estimate)
    {
        MedGenApplicationOptions limits = options.Value;
        Require("QUEUE_FULL", "jobs wait", load.Queued, 1, limits.MaxQueuedJobs);
        Require("CALLER_QUEUE_FULL", "jobs of this caller wait", load.QueuedByOwner, 1, limits.MaxQueuedJobsPerCaller);
        Require("TENANT_QUEUE_FULL", "jobs of this caller's tenant wait", load.QueuedByTenant, 1, limits.MaxQueuedJobsPerTenant);
        if (estimate.GeneratedFrames > 0)
        {
            Require("FRAME_BUDGET", "frames are still to be generated", load.GeneratedFrames, estimate.GeneratedFrames, limits.MaxGeneratedFrames);
        }
    }

    private void Require(string reason, string what, long now, long asked, long limit)
    {
        if (now + asked > limit)
        {
            throw new ResourceExhaustedException(
                reason, $"{now} {what}, this request adds {asked}, and the limit is {limit}.", options.Value.RetryAfter);
        }
    }
}

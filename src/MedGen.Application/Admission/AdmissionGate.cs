using MedGen.Abstractions.Errors;
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
    public async Task<T> EnterAsync<T>(string owner, WorkEstimate estimate, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (estimate.WritesFiles)
        {
            RequireDisk();
        }

        if (!estimate.AddsJob)
        {
            return await work();
        }

        await _door.WaitAsync(cancellationToken);
        try
        {
            RequireQueue(await jobs.GetLoadAsync(owner, cancellationToken), estimate);
            return await work();
        }
        finally
        {
            _door.Release();
        }
    }

    public void Dispose() => _door.Dispose();

    private void RequireDisk()
    {
        long free = artifacts.FreeBytes;
        if (free < options.Value.MinFreeDiskBytes)
        {
            throw new ResourceExhaustedException(
                "DISK_FULL", $"{free} bytes are free on the disk; at least {options.Value.MinFreeDiskBytes} are needed.", options.Value.RetryAfter);
        }
    }

    private void RequireQueue(QueueLoad load, WorkEstimate estimate)
    {
        MedGenApplicationOptions limits = options.Value;
        Require("QUEUE_FULL", "jobs wait", load.Queued, 1, limits.MaxQueuedJobs);
        Require("CALLER_QUEUE_FULL", "jobs of this caller wait", load.QueuedByOwner, 1, limits.MaxQueuedJobsPerCaller);
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

using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Jobs.Requests;

/// <summary>
/// Cancels a job: one that waits ends at once, one that runs ends at its next step. Doing it again changes nothing; a job that has
/// succeeded or failed cannot be cancelled. For its owner and for administrators.
/// </summary>
public sealed record CancelJob : IRequest<Job>, IAuditedMessage
{
    /// <summary>Id of the job.</summary>
    [Identifier]
    public required string JobId { get; init; }

    string? IAuditedMessage.AuditSubject => $"job:{JobId}";
}

internal sealed class CancelJobHandler(IJobStore jobs, JobQueue queue, CallerContext caller, ItemVisibility visibility)
    : IRequestHandler<CancelJob, Job>
{
    public async Task<Job> Handle(CancelJob request, CancellationToken cancellationToken)
    {
        Job job = await visibility.RequireAsync(
            await jobs.FindAsync(request.JobId, cancellationToken).ConfigureAwait(false), "job", request.JobId, cancellationToken)
            .ConfigureAwait(false);
        caller.RequireOwnership(job);
        job = await queue.CancelAsync(job.Id, cancellationToken).ConfigureAwait(false);
        return job.State is JobState.Succeeded or JobState.Failed
            ? throw new FailedPreconditionException("JOB_ENDED", $"The job '{job.Id}' has ended ({job.State}) and cannot be cancelled.")
            : job;
    }
}

using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Jobs.Requests;

/// <summary>Removes a job that has ended, with its events and what was asked for, prompts included. Its artifacts stay.</summary>
public sealed record DeleteJob : IRequest, IAuditedMessage
{
    /// <summary>Id of the job.</summary>
    [Identifier]
    public required string JobId { get; init; }

    string? IAuditedMessage.AuditSubject => $"job:{JobId}";
}

internal sealed class DeleteJobHandler(IJobStore jobs, CallerContext caller, ItemVisibility visibility) : IRequestHandler<DeleteJob>
{
    public async Task Handle(DeleteJob request, CancellationToken cancellationToken)
    {
        Job job = await visibility.RequireAsync(
            await jobs.FindAsync(request.JobId, cancellationToken).ConfigureAwait(false), "job", request.JobId, cancellationToken)
            .ConfigureAwait(false);
        caller.RequireOwnership(job);
        if (!job.HasEnded)
        {
            throw new FailedPreconditionException("JOB_NOT_ENDED", $"The job '{job.Id}' is {job.State}; cancel it first.");
        }

        await jobs.DeleteAsync(job.Id, cancellationToken).ConfigureAwait(false);
    }
}

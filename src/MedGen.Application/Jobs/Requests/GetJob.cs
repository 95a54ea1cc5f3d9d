using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Application.Validation;
using MediatR;

namespace MedGen.Application.Jobs.Requests;

/// <summary>Where a job stands.</summary>
public sealed record GetJob : IRequest<Job>, IAuditedMessage
{
    /// <summary>Id of the job.</summary>
    [Identifier]
    public required string JobId { get; init; }

    string? IAuditedMessage.AuditSubject => $"job:{JobId}";
}

internal sealed class GetJobHandler(IJobStore jobs, ItemVisibility visibility) : IRequestHandler<GetJob, Job>
{
    public async Task<Job> Handle(GetJob request, CancellationToken cancellationToken) =>
        await visibility.RequireAsync(
            await jobs.FindAsync(request.JobId, cancellationToken).ConfigureAwait(false), "job", request.JobId, cancellationToken)
            .ConfigureAwait(false);
}

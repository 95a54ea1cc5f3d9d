using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Jobs;

/// <summary>
/// Cancels a job: one that waits ends at once, one that runs ends at its next step. Doing it again changes nothing; a job that has
/// succeeded or failed cannot be cancelled. For its owner and for administrators.
/// </summary>
[RequiresRole(Role.Operator)]
public sealed record CancelJob : IRequest<Job>, IAuditedMessage
{
    /// <summary>Id of the job.</summary>
    public required string JobId { get; init; }

    string? IAuditedMessage.AuditSubject => $"job:{JobId}";
}

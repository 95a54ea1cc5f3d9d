using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Jobs;

/// <summary>Where a job stands.</summary>
[RequiresRole(Role.Reader)]
public sealed record GetJob : IRequest<Job>
{
    /// <summary>Id of the job.</summary>
    public required string JobId { get; init; }
}

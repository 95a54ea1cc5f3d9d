using MedGen.Abstractions.Errors;
using MediatR;

namespace MedGen.Application.Jobs;

internal sealed class GetJobHandler(IJobStore jobs) : IRequestHandler<GetJob, Job>
{
    public async Task<Job> Handle(GetJob request, CancellationToken cancellationToken) =>
        await jobs.FindAsync(request.JobId, cancellationToken) ?? throw new ResourceNotFoundException("job", request.JobId);
}

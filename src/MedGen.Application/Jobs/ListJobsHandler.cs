using MediatR;

namespace MedGen.Application.Jobs;

internal sealed class ListJobsHandler(IJobStore jobs) : IRequestHandler<ListJobs, JobPage>
{
    public Task<JobPage> Handle(ListJobs request, CancellationToken cancellationToken) => jobs.ListAsync(request, cancellationToken);
}

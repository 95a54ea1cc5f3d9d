using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Jobs.Requests;

/// <summary>Jobs, newest first, page by page.</summary>
public sealed record ListJobs : JobQuery, IRequest<JobPage>;

internal sealed class ListJobsHandler(IJobStore jobs, ItemVisibility visibility) : IRequestHandler<ListJobs, JobPage>
{
    public Task<JobPage> Handle(ListJobs request, CancellationToken cancellationToken) =>
        jobs.ListAsync(request with { View = visibility.View }, cancellationToken);
}

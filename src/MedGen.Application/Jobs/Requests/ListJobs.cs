using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Jobs.Requests;

/// <summary>Jobs, newest first unless the oldest are asked for first, page by page.</summary>
public sealed record ListJobs : JobQuery, IRequest<JobPage>;

internal sealed class ListJobsHandler(IJobStore jobs, ItemVisibility visibility) : IRequestHandler<ListJobs, JobPage>
{
    public async Task<JobPage> Handle(ListJobs request, CancellationToken cancellationToken)
    {
        if (request.AfterJob is { } after)
        {
            await visibility.RequireAsync(await jobs.FindAsync(after, cancellationToken).ConfigureAwait(false), "job", after, cancellationToken)
                .ConfigureAwait(false);
        }

        return await jobs.ListAsync(request with { View = visibility.View }, cancellationToken).ConfigureAwait(false);
    }
}

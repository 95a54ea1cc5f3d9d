using MedGen.Application.Access;
using MediatR;

namespace MedGen.Application.Jobs;

/// <summary>Jobs, newest first, page by page.</summary>
[RequiresRole(Role.Reader)]
public sealed record ListJobs : IRequest<JobPage>
{
    /// <summary>Only jobs in this state; null: any.</summary>
    public JobState? State { get; init; }

    /// <summary>Only jobs of this kind; null: any.</summary>
    public JobKind? Kind { get; init; }

    /// <summary>Only jobs of this caller; null: of anybody.</summary>
    public string? Owner { get; init; }

    /// <summary>Largest number of jobs in the page, 1 to 500.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary><see cref="JobPage.NextPageToken"/> of the page before; null: the first page.</summary>
    public string? PageToken { get; init; }
}

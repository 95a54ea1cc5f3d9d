using MedGen.Application.Jobs;

namespace MedGen.Application.Cluster;

/// <summary>
/// Who runs which job, in the records beside the jobs. A claim begins and ends with the job's being Running, in the same transaction. Events and
/// results of a job are taken from the host that has its claim, and from no other: that is what keeps a job from being done twice.
/// </summary>
public interface IJobClaims
{
    /// <summary>All claims.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The claims; empty: nothing runs, or this is no cluster.</returns>
    Task<IReadOnlyList<JobClaim>> ListAsync(CancellationToken cancellationToken);

    /// <summary>What the database's server takes for the time.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its time, in UTC.</returns>
    Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Ends a claim of a host that is gone, with an event that says what becomes of the job. From then on the host's writes are refused.
    /// </summary>
    /// <param name="claim">The claim.</param>
    /// <param name="end">What becomes of the job.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>The job afterwards; null: the claim is not as given any more, and nothing was done.</returns>
    Task<Job?> TakeBackAsync(JobClaim claim, Func<Job, JobStateChanged> end, CancellationToken cancellationToken);
}

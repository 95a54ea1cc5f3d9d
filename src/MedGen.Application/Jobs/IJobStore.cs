using MedGen.Sdk.Errors;
using MedGen.Application.Idempotency;

namespace MedGen.Application.Jobs;

/// <summary>
/// Jobs and their event logs on durable storage. A job's record is what its events add up to (<see cref="Job.Apply"/>); each change writes the
/// event and the record in one transaction, so neither is ever seen without the other.
/// </summary>
public interface IJobStore
{
    /// <summary>Adds a queued job with its first event.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>The job as stored.</returns>
    /// <exception cref="ResourceNotFoundException">An input artifact is not there.</exception>
    /// <exception cref="IdempotencyKeyTakenException">Another call with the same key came first.</exception>
    Task<Job> CreateAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>Looks a job up.</summary>
    /// <param name="jobId">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The job; null: there is none with that id.</returns>
    Task<Job?> FindAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>Reads what a job was asked for. It may hold prompts: never logged, never given out whole.</summary>
    /// <param name="jobId">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The request as JSON, as <see cref="NewJob.Request"/>; null: there is no job with that id.</returns>
    Task<string?> FindRequestAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>Jobs, newest first unless the oldest are asked for first.</summary>
    /// <param name="query">Which jobs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One page.</returns>
    /// <exception cref="InvalidInputException">The page token was not made by this store, or stands beside a job to come after.</exception>
    /// <exception cref="ResourceNotFoundException">The job to come after is not there.</exception>
    Task<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the next queued job: the most urgent, then of the caller with the fewest running ones, then the oldest; each ten minutes of waiting
    /// count as one priority. It becomes running and its number of attempts grows, with an event. No job is given out twice.
    /// </summary>
    /// <param name="maxRunningPerOwner">Callers with so many running jobs are passed over.</param>
    /// <param name="maxRunningPerTenant">Tenants with so many running jobs are passed over.</param>
    /// <param name="takes">Whether this host takes a job; asked in that order, within the write, perhaps more than once. Null: it takes each.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>The job and what was asked; null: none waits that may run.</returns>
    Task<ClaimedJob?> ClaimNextAsync(
        int maxRunningPerOwner, int maxRunningPerTenant, Func<JobCandidate, bool>? takes, CancellationToken cancellationToken);

    /// <summary>Takes the next queued job whatever it needs.</summary>
    /// <inheritdoc cref="ClaimNextAsync(int, int, Func{JobCandidate, bool}, CancellationToken)" />
    Task<ClaimedJob?> ClaimNextAsync(int maxRunningPerOwner, int maxRunningPerTenant, CancellationToken cancellationToken) =>
        ClaimNextAsync(maxRunningPerOwner, maxRunningPerTenant, takes: null, cancellationToken);

    /// <summary>Adds an event to a job's log and applies it to the job.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="payload">What happened.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>The event with its number.</returns>
    /// <exception cref="ResourceNotFoundException">There is no such job.</exception>
    /// <exception cref="FailedPreconditionException">The job has ended.</exception>
    Task<JobEvent> AppendAsync(string jobId, JobEventPayload payload, CancellationToken cancellationToken);

    /// <summary>Cancels a queued job, with an event, or marks a running one as to be cancelled. A job that has ended stays as it is.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>The job afterwards.</returns>
    /// <exception cref="ResourceNotFoundException">There is no such job.</exception>
    Task<Job> RequestCancelAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>The earliest deadline of the jobs that wait.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is; null: none of them has one.</returns>
    Task<DateTimeOffset?> GetNextDeadlineAsync(CancellationToken cancellationToken);

    /// <summary>Fails the jobs that wait although their deadline has passed, each with <see cref="Job.TimeIsUp"/>.</summary>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>The failed jobs; empty: there were none.</returns>
    Task<IReadOnlyList<Job>> FailOverdueAsync(CancellationToken cancellationToken);

    /// <summary>Removes jobs that ended before a time, oldest first, with their events, requests and idempotency keys. Artifacts stay.</summary>
    /// <param name="endedBefore">The time.</param>
    /// <param name="limit">Largest number of jobs that are removed at once.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Ids of the removed jobs; empty: there are no more.</returns>
    Task<IReadOnlyList<string>> DeleteEndedAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken);

    /// <summary>Removes a job that has ended, with its events, request and idempotency keys. Artifacts stay.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Completes when it is gone.</returns>
    /// <exception cref="ResourceNotFoundException">There is no such job that has ended.</exception>
    Task DeleteAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>Part of a job's log.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="afterEvent">Only events after this number.</param>
    /// <param name="limit">Largest number of events.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The events in order; empty when there are none.</returns>
    Task<IReadOnlyList<JobEvent>> ReadEventsAsync(string jobId, long afterEvent, int limit, CancellationToken cancellationToken);

    /// <summary>How full the queue is.</summary>
    /// <param name="owner">The caller whose share is counted too.</param>
    /// <param name="tenant">The tenant whose share is counted too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Counts over queued and running jobs.</returns>
    Task<QueueLoad> GetLoadAsync(string owner, string tenant, CancellationToken cancellationToken);
}

using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using MedGen.Application.Auditing;
using MedGen.Application.Access;
using MedGen.Application.Streaming;
using MedGen.Application.Validation;
using MedGen.Sdk.Errors;
using MediatR;
using Microsoft.Extensions.Hosting;

namespace MedGen.Application.Jobs.Requests;

/// <summary>
/// A job's events, those of the past and those to come, each exactly once and in order; ends after the event that says that the job has ended.
/// </summary>
public sealed record WatchJob : IRequest<StreamedAnswer<JobEvent>>, IAuditedMessage
{
    /// <summary>Id of the job.</summary>
    [Identifier]
    public required string JobId { get; init; }

    /// <summary>Number of the last event that the caller has seen; 0: from the beginning.</summary>
    [Range(typeof(long), "0", "9223372036854775807")]
    public long AfterEvent { get; init; }

    /// <summary>
    /// Whether the job is cancelled when the watcher leaves before the end; a stop of the host is no leaving. For the job's owner and for
    /// administrators.
    /// </summary>
    public bool CancelOnDisconnect { get; init; }

    string? IAuditedMessage.AuditSubject => $"job:{JobId}";
}

internal sealed class WatchJobHandler(
    IJobStore jobs, JobQueue queue, JobFeed feed, CallerContext caller, ItemVisibility visibility, IHostApplicationLifetime lifetime)
    : IRequestHandler<WatchJob, StreamedAnswer<JobEvent>>
{
    private const int BatchSize = 100;

    public Task<StreamedAnswer<JobEvent>> Handle(WatchJob request, CancellationToken cancellationToken) =>
        Task.FromResult(new StreamedAnswer<JobEvent>(WatchAsync(request, cancellationToken)));

    private static bool IsEnd(JobEvent item) =>
        item.Payload is JobStateChanged { State: JobState.Succeeded or JobState.Failed or JobState.Cancelled };

    private async IAsyncEnumerable<JobEvent> WatchAsync(WatchJob request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Not the watcher's token: one who left already still has its job cancelled.
        Job job = await visibility.RequireAsync(
            await jobs.FindAsync(request.JobId, CancellationToken.None).ConfigureAwait(false), "job", request.JobId, CancellationToken.None)
            .ConfigureAwait(false);
        RequireRights(request, job);
        bool ended = false;
        try
        {
            using JobFeed.Subscription subscription = feed.Subscribe(job.Id);
            long last = request.AfterEvent;
            while (!ended)
            {
                IReadOnlyList<JobEvent> events = await jobs.ReadEventsAsync(job.Id, last, BatchSize, cancellationToken).ConfigureAwait(false);
                foreach (JobEvent next in events)
                {
                    last = next.Number;
                    ended = IsEnd(next);
                    yield return next;
                }

                if (events.Count == 0)
                {
                    ended = await HasNothingToComeAsync(job.Id, last, cancellationToken).ConfigureAwait(false);
                    if (!ended)
                    {
                        await WaitAsync(subscription, cancellationToken).ConfigureAwait(false);
                    }
                }
            }
        }
        finally
        {
            if (!ended && request.CancelOnDisconnect && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await queue.CancelAsync(job.Id, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void RequireRights(WatchJob request, Job job)
    {
        if (request.AfterEvent > job.LastEvent)
        {
            throw new InvalidInputException(
                "after_event", $"got {request.AfterEvent}; allowed: 0 to {job.LastEvent}, the number of the newest event of this job.");
        }

        if (request.CancelOnDisconnect)
        {
            caller.RequireOwnership(job);
        }
    }

    // The job ended, and the watcher has seen its last event before.
    private async Task<bool> HasNothingToComeAsync(string jobId, long last, CancellationToken cancellationToken) =>
        await jobs.FindAsync(jobId, cancellationToken).ConfigureAwait(false) is not { } job || (job.HasEnded && job.LastEvent <= last);

    private async Task WaitAsync(JobFeed.Subscription subscription, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            await subscription.ChangedAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnavailableException(
                "HOST_STOPPING", "The host stops; the job goes on when it is back, and can be watched from the last event on.");
        }
    }
}

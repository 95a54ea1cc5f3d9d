using System.Runtime.CompilerServices;
using MedGen.Abstractions.Errors;
using MedGen.Application.Access;
using MediatR;
using Microsoft.Extensions.Hosting;

namespace MedGen.Application.Jobs;

internal sealed class WatchJobHandler(IJobStore jobs, JobLog log, JobFeed feed, CallerContext caller, IHostApplicationLifetime lifetime)
    : IStreamRequestHandler<WatchJob, JobEvent>
{
    private const int BatchSize = 100;

    public async IAsyncEnumerable<JobEvent> Handle(WatchJob request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Not the watcher's token: one who left already still has its job cancelled.
        Job job = await jobs.FindAsync(request.JobId, CancellationToken.None) ?? throw new ResourceNotFoundException("job", request.JobId);
        RequireRights(request, job);
        bool ended = false;
        try
        {
            using JobFeed.Subscription subscription = feed.Subscribe(job.Id);
            long last = request.AfterEvent;
            while (!ended)
            {
                IReadOnlyList<JobEvent> events = await jobs.ReadEventsAsync(job.Id, last, BatchSize, cancellationToken);
                foreach (JobEvent next in events)
                {
                    last = next.Number;
                    ended = IsEnd(next);
                    yield return next;
                }

                if (events.Count == 0)
                {
                    ended = await HasNothingToComeAsync(job.Id, last, cancellationToken);
                    if (!ended)
                    {
                        await WaitAsync(subscription, cancellationToken);
                    }
                }
            }
        }
        finally
        {
            if (!ended && request.CancelOnDisconnect && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await log.CancelAsync(job.Id, CancellationToken.None);
            }
        }
    }

    private static bool IsEnd(JobEvent item) =>
        item.Payload is JobStateChanged { State: JobState.Succeeded or JobState.Failed or JobState.Cancelled };

    private void RequireRights(WatchJob request, Job job)
    {
        if (request.AfterEvent > job.LastEvent)
        {
            throw new InvalidInputException("after_event", $"Got {request.AfterEvent}; the newest event of this job has the number {job.LastEvent}.");
        }

        if (request.CancelOnDisconnect)
        {
            caller.RequireOwnership(job.Owner, $"job '{job.Id}'");
        }
    }

    // The job ended, and the watcher has seen its last event before.
    private async Task<bool> HasNothingToComeAsync(string jobId, long last, CancellationToken cancellationToken) =>
        await jobs.FindAsync(jobId, cancellationToken) is not { } job || (job.HasEnded && job.LastEvent <= last);

    private async Task WaitAsync(JobFeed.Subscription subscription, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            await subscription.ChangedAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnavailableException(
                "HOST_STOPPING", "The host stops; the job goes on when it is back, and can be watched from the last event on.");
        }
    }
}

using MedGen.Application.Auditing;
using MedGen.Application.Cluster;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Jobs.Running;

/// <summary>
/// Fails jobs that still wait when their time is up, at that time: it sleeps until the earliest deadline in the queue, and is woken when a job with a
/// deadline joins. Of a job that runs the runner keeps the time.
/// </summary>
internal sealed class QueueDeadlines(
    IJobStore store,
    JobQueue queue,
    IAuditLog audit,
    IOptions<MedGenApplicationOptions> options,
    TimeProvider time,
    RecordsClock clock,
    ILogger<QueueDeadlines> logger)
    : BackgroundService
{
    // A clock that was set back makes a deadline as far as it likes, and timers have an end.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await WaitAsync(await store.GetNextDeadlineAsync(stoppingToken).ConfigureAwait(false), stoppingToken).ConfigureAwait(false);
                await FailOverdueAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (ResourceExhaustedException exception)
            {
                // A full disk ends no host; the jobs stay in the queue, and the runner looks at their time, too.
                Log.QueueHeld(logger, exception.Reason);
                await Task.Delay(options.Value.RetryAfter, time, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync(DateTimeOffset? next, CancellationToken stop)
    {
        if (next is not { } deadline)
        {
            await queue.DeadlineJoinedAsync(stop).ConfigureAwait(false);
            return;
        }

        TimeSpan left = deadline - clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        using CancellationTokenSource timer = new(left < LongestSleep ? left : LongestSleep, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, timer.Token);
        try
        {
            // The clock may have passed the deadline while the timer was set.
            if (clock.GetUtcNow() < deadline)
            {
                await queue.DeadlineJoinedAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Time is up, or it is looked at again.
        }
    }

    private async Task FailOverdueAsync(CancellationToken stop)
    {
        foreach (Job job in await queue.FailOverdueAsync(stop).ConfigureAwait(false))
        {
            Log.JobEnded(logger, job.Id, job.Kind, job.Error!.Reason, 0);
            AuditEntry entry = new() { Caller = job.Owner, Action = "JobEnded", Subject = $"job:{job.Id}", Outcome = job.Error.Reason,
                Tenant = job.Tenant };
            await audit.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
        }
    }
}

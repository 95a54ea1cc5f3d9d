using MedGen.Application.Auditing;
using MedGen.Application.Retention;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Jobs.Running;

/// <summary>
/// Removes jobs that ended longer ago than <see cref="MedGenApplicationOptions.JobRetention"/>, with their events, their stored requests (and with
/// these the prompts) and their idempotency keys: before the host serves, and then every hour. Artifacts stay; each keeps its own provenance.
/// </summary>
internal sealed class JobRetention(
    IJobStore store,
    IAuditLog audit,
    IRetentionClock clock,
    IOptions<MedGenApplicationOptions> options,
    TimeProvider time,
    ILogger<JobRetention> logger) : BackgroundService
{
    // One transaction holds up the other writers; this many rows are a few milliseconds.
    private const int BatchSize = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private PeriodicTimer? _timer;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.JobRetention > TimeSpan.Zero)
        {
            await SweepAsync(cancellationToken).ConfigureAwait(false);
            _timer = new PeriodicTimer(Interval, time);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _timer?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_timer is not null && await _timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await SweepAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task SweepAsync(CancellationToken stop)
    {
        try
        {
            if (!await clock.IsTrustedAsync(stop).ConfigureAwait(false))
            {
                return;
            }

            DateTimeOffset endedBefore = time.GetUtcNow() - options.Value.JobRetention;
            IReadOnlyList<string> removed;
            do
            {
                removed = await store.DeleteEndedAsync(endedBefore, BatchSize, stop).ConfigureAwait(false);
                if (removed.Count > 0)
                {
                    string jobs = string.Join(' ', removed.Select(id => $"job:{id}"));
                    AuditEntry entry = new() { Caller = AuditEntry.System, Action = "JobsRemoved", Subject = jobs, Outcome = MessageOutcome.Ok,
                        Kind = AuditKind.System };
                    await audit.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
                    Log.JobsRemoved(logger, removed.Count);
                }
            }
            while (removed.Count == BatchSize);
        }
        catch (Exception exception) when (exception is ResourceExhaustedException or IOException or UnauthorizedAccessException)
        {
            // A full or failing disk ends no host; the next sweep tries again.
            Log.RetentionHeld(logger, (exception as MedGenException)?.Reason ?? exception.GetType().Name);
        }
    }
}

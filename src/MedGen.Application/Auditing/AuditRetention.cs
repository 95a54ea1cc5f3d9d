using MedGen.Sdk.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Auditing;

/// <summary>
/// Moves records that are older than <see cref="MedGenApplicationOptions.AuditRetention"/> out of the audit log, into archive files: when the host
/// starts, and then every day. What becomes of the archives is for people to decide.
/// </summary>
internal sealed class AuditRetention(
    IAuditLog audit, IOptions<MedGenApplicationOptions> options, TimeProvider time, ILogger<AuditRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>Moves what is old enough now.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            int moved = await audit.ArchiveAsync(time.GetUtcNow() - options.Value.AuditRetention, cancellationToken).ConfigureAwait(false);
            if (moved > 0)
            {
                Log.AuditArchived(logger, moved);
                AuditEntry entry = new()
                {
                    Caller = AuditEntry.System,
                    Action = "AuditArchived",
                    Subject = $"records:{moved}",
                    Outcome = MessageOutcome.Ok,
                    Kind = AuditKind.System,
                };
                await audit.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (ResourceExhaustedException exception)
        {
            // A full disk ends no host; tomorrow there may be room.
            Log.AuditHeld(logger, exception.Reason);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.AuditRetention == TimeSpan.Zero)
        {
            return;
        }

        using PeriodicTimer timer = new(Interval, time);
        try
        {
            do
            {
                await RunAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start goes on.
        }
    }
}

using MedGen.Application.Auditing;
using MedGen.Application.Retention;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Artifacts;

/// <summary>
/// Deletes artifacts that are older than their kind is kept, once an hour. Those on hold, and those that an open job needs, stay.
/// </summary>
internal sealed class ArtifactRetention(
    IArtifactStore store,
    IAuditLog audit,
    IRetentionClock clock,
    IOptions<MedGenApplicationOptions> options,
    TimeProvider time,
    ILogger<ArtifactRetention> logger) : BackgroundService
{
    private const int BatchSize = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not while the host starts: nobody waits for this.
        await Task.Yield();
        using PeriodicTimer timer = new(Interval, time);
        do
        {
            if (await clock.IsTrustedAsync(stoppingToken).ConfigureAwait(false))
            {
                await SweepAsync(ArtifactKind.Upload, options.Value.UploadRetention, stoppingToken).ConfigureAwait(false);
                await SweepAsync(ArtifactKind.GeneratedClip, options.Value.GeneratedRetention, stoppingToken).ConfigureAwait(false);
                await SweepAsync(ArtifactKind.AugmentedDataset, options.Value.DatasetRetention, stoppingToken).ConfigureAwait(false);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task SweepAsync(ArtifactKind kind, TimeSpan retention, CancellationToken stop)
    {
        if (retention == TimeSpan.Zero)
        {
            return;
        }

        try
        {
            IReadOnlyList<string> removed;
            do
            {
                removed = await store.DeleteOldAsync(kind, time.GetUtcNow() - retention, BatchSize, stop).ConfigureAwait(false);
                if (removed.Count > 0)
                {
                    string subject = string.Join(' ', removed.Select(id => $"artifact:{id}"));
                    await audit.AppendAsync(
                        new AuditEntry { Caller = AuditEntry.System, Action = "ArtifactsRemoved", Subject = subject, Outcome = MessageOutcome.Ok },
                        CancellationToken.None).ConfigureAwait(false);
                    Log.ArtifactsRemoved(logger, removed.Count, kind);
                }
            }
            while (removed.Count == BatchSize);
        }
        catch (Exception exception) when (exception is ResourceExhaustedException or IOException or UnauthorizedAccessException)
        {
            Log.RetentionHeld(logger, (exception as MedGenException)?.Reason ?? exception.GetType().Name);
        }
    }
}

using MedGen.Application.Artifacts;
using MedGen.Application.Retention;
using MedGen.Sdk.Errors;
using MedGen.Storage.Disks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Maintenance;

/// <summary>What the host does for its data folder every hour: empties the quarantine of what is old, keeps the reserve, and scrubs.</summary>
internal sealed class StoreUpkeep(
    DataFolder folder,
    StoreSpace space,
    ScheduledScrub scrub,
    IRetentionClock clock,
    IOptions<MedGenStorageOptions> options,
    TimeProvider time,
    ILogger<StoreUpkeep> logger) : BackgroundService, IStoreState
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public StoreState Read()
    {
        VolumeSpace now = space.Read();
        return new StoreState
        {
            FreeBytes = now.FreeBytes,
            TotalBytes = now.TotalBytes,
            Shortage = folder.IsReadOnly ? null : space.WriteProblem() ?? space.Shortage(0),
            ScrubbedAt = scrub.Progress?.EndedAt,
            LostContents = scrub.Progress?.Lost ?? 0,
        };
    }

    /// <summary>Does it once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (options.Value.QuarantineRetention > TimeSpan.Zero
                && await clock.IsTrustedAsync(cancellationToken).ConfigureAwait(false)
                && new Quarantine(folder, time).Purge(options.Value.QuarantineRetention) is > 0 and int purged)
            {
                Log.QuarantinePurged(logger, purged);
            }

            space.KeepReserve();
            await scrub.RunIfDueAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is MedGenException or IOException or UnauthorizedAccessException)
        {
            // A full or failing disk ends no host; the next hour tries again.
            Log.UpkeepHeld(logger, (exception as MedGenException)?.Reason ?? exception.GetType().Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (folder.IsReadOnly)
        {
            return;
        }

        // Not while the host starts: nobody waits for this.
        await Task.Yield();
        using PeriodicTimer timer = new(Interval, time);
        do
        {
            await RunAsync(stoppingToken).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }
}

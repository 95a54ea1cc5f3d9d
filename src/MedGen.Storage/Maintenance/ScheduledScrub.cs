using MedGen.Storage.Database;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Maintenance;

/// <summary>The scrub that the host does by itself, slowly: every content is read once in an interval.</summary>
internal sealed class ScheduledScrub(
    DataFolder folder, StoreDatabase database, IOptions<MedGenStorageOptions> options, TimeProvider time, ILogger<ScheduledScrub> logger)
{
    // What a crash makes it read again at most.
    private const int BatchSize = 50;

    private ScrubProgress? _progress;

    /// <summary>How far it is; null: it has never begun.</summary>
    public ScrubProgress? Progress => _progress ??= database.Read(session => Facts.Find<ScrubProgress>(session, ScrubProgress.Fact));

    /// <summary>Goes on, or begins when it is time; returns at once when it is not.</summary>
    public async Task RunIfDueAsync(CancellationToken cancellationToken)
    {
        ScrubProgress? progress = Progress;
        if (options.Value.ScrubInterval == TimeSpan.Zero
            || (progress is { After: null } && IsRecent(progress.StartedAt)))
        {
            return;
        }

        progress = progress is { After: not null } ? progress : new ScrubProgress { StartedAt = time.GetUtcNow(), EndedAt = progress?.EndedAt };
        ReadRate rate = new(options.Value.ScrubBytesPerSecond, time);
        while (true)
        {
            string after = progress.After ?? "";
            IReadOnlyList<StoredContent> batch = database.Read(session => StoredContent.Read(session, after, BatchSize));
            if (batch.Count == 0)
            {
                break;
            }

            int lost = 0;
            foreach (StoredContent content in batch)
            {
                lost += await IsLostAsync(content, rate, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }

            progress = progress with
            {
                After = batch[^1].Sha256,
                Contents = progress.Contents + batch.Count,
                Lost = progress.Lost + lost,
            };
            await SaveAsync(progress, cancellationToken).ConfigureAwait(false);
        }

        await SaveAsync(progress with { After = null, EndedAt = time.GetUtcNow() }, cancellationToken).ConfigureAwait(false);
        Log.Scrubbed(logger, progress.Contents, progress.Lost);
    }

    // One that began in the future began while the clock was wrong, and would be the last for long.
    private bool IsRecent(DateTimeOffset startedAt) =>
        time.GetUtcNow() - startedAt is var age && age >= TimeSpan.Zero && age < options.Value.ScrubInterval;

    private async Task<bool> IsLostAsync(StoredContent content, ReadRate rate, CancellationToken cancellationToken)
    {
        StoreFinding? finding = await StoreScrub.LookAsync(folder, content, rate, cancellationToken).ConfigureAwait(false);
        if (finding is null || (finding.Kind == StoreFindingKind.ContentMissing && folder.IsOfCluster) || !database.Read(content.IsNeeded))
        {
            return false;
        }

        foreach (string id in content.ArtifactIds)
        {
            Log.ScrubFound(logger, id, finding.Kind);
        }

        return true;
    }

    private async Task SaveAsync(ScrubProgress progress, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            session =>
            {
                Facts.Write(session, ScrubProgress.Fact, progress);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        _progress = progress;
    }
}

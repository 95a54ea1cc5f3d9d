using MedGen.Sdk.Frames;

namespace MedGen.Datasets.Augmentation;

/// <summary>Tells how far a run is, with its yield and what is left.</summary>
internal sealed class RunProgress(Func<AugmentationStatus, CancellationToken, Task> report, TimeProvider time)
{
    private readonly Dictionary<string, int> _rejected = [];
    private long _started;
    private (long Time, int Done)? _training;
    private int _total;
    private int _made;
    private int _kept;
    private int _keptBefore;
    private int _madeBefore;

    /// <summary>Decoding goes on.</summary>
    public Task PreparingAsync(int done, int total, CancellationToken cancellationToken) =>
        report(new AugmentationStatus { Stage = AugmentationStage.Preparing, Done = done, Total = total }, cancellationToken);

    /// <summary>Adapters are trained; the time left is told by the speed since the first step of this start.</summary>
    public Task TrainingAsync(int done, int total, CancellationToken cancellationToken)
    {
        // What comes before the first step, reading and encoding clips, comes once.
        _training ??= done > 0 ? (time.GetTimestamp(), done) : null;
        TimeSpan? remaining = _training is { } first && done > first.Done
            ? time.GetElapsedTime(first.Time) * ((double)(total - done) / (done - first.Done))
            : null;
        return report(
            new AugmentationStatus { Stage = AugmentationStage.Training, Done = done, Total = total, Remaining = remaining }, cancellationToken);
    }

    /// <summary>Clips are about to be made.</summary>
    public Task BeginAsync(int total, IReadOnlyList<ClipRecord> earlier, CancellationToken cancellationToken)
    {
        (_total, _started) = (total, time.GetTimestamp());
        foreach (ClipRecord record in earlier)
        {
            Count(record);
        }

        (_madeBefore, _keptBefore) = (_made, _kept);
        return report(Status(null), cancellationToken);
    }

    /// <summary>A clip was made and judged.</summary>
    public async Task MadeAsync(ClipRecord record, MadeClip made, ClipShape shape, CancellationToken cancellationToken)
    {
        Count(record);
        using VideoFrame? preview = record.Kept ? made.Frame(shape.NumFrames / 2, shape) : null;
        await report(Status(preview), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The folder is being completed.</summary>
    public Task FinishingAsync(int done, int total, CancellationToken cancellationToken) =>
        report(Status(null) with { Stage = AugmentationStage.Finishing, Done = done, Total = total, Remaining = null }, cancellationToken);

    private void Count(ClipRecord record)
    {
        _made++;
        if (record.Kept)
        {
            _kept++;
        }
        else
        {
            string filter = record.RejectReason!.Split(':')[0];
            _rejected[filter] = _rejected.GetValueOrDefault(filter) + 1;
        }
    }

    private AugmentationStatus Status(VideoFrame? preview)
    {
        // Clips that are still to be kept, at the yield and speed so far.
        (int made, int kept) = (_made - _madeBefore, _kept - _keptBefore);
        TimeSpan? remaining = kept == 0 ? null : time.GetElapsedTime(_started) * ((double)(_total - _kept) / kept);
        return new AugmentationStatus
        {
            Stage = AugmentationStage.Making,
            Done = _kept,
            Total = _total,
            Made = _made,
            Kept = _kept,
            Rejected = new Dictionary<string, int>(_rejected),
            Remaining = made == 0 ? null : remaining,
            Preview = preview,
        };
    }
}

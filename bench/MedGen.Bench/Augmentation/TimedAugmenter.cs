using System.Diagnostics;
using System.Runtime.CompilerServices;
using MedGen.Sdk.Augmentation;

namespace MedGen.Bench.Augmentation;

/// <summary>An augmenter that notes how long it works, summed over all that work at once.</summary>
internal sealed class TimedAugmenter(IDatasetAugmenter inner) : IDatasetAugmenter
{
    private long _ticks;
    private int _frames;

    public TimeSpan Taken => new(_ticks);

    public int Frames => _frames;

    public AugmenterDescription Describe() => inner.Describe();

    public Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken) => inner.ValidateAsync(method, cancellationToken);

    public async IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        await foreach (AugmentationUpdate update in inner.AugmentAsync(request, cancellationToken))
        {
            Interlocked.Add(ref _ticks, Stopwatch.GetElapsedTime(started).Ticks);
            Interlocked.Add(ref _frames, (update as AugmentedFrames)?.Frames.Count ?? 0);
            yield return update;
            started = Stopwatch.GetTimestamp();
        }

        Interlocked.Add(ref _ticks, Stopwatch.GetElapsedTime(started).Ticks);
    }
}

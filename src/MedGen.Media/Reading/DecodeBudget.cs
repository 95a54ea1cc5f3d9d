using MedGen.Sdk.Errors;

namespace MedGen.Media.Reading;

/// <summary>
/// Memory that decoding may take in this process and its children. Who fits goes on at once; the others wait in the order of their coming, for a
/// limited time, since a caller that holds one clip open may be waiting for a second.
/// </summary>
/// <param name="limit">Bytes for all together.</param>
/// <param name="patience">How long one waits.</param>
/// <param name="time">Clock of the wait.</param>
internal sealed class DecodeBudget(long limit, TimeSpan patience, TimeProvider time)
{
    // What is worth a look by the collector, which otherwise comes when somebody else needs memory: an idle host would keep gigabytes.
    private const long LargeShare = 256L << 20;

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private long _taken;

    /// <summary>Bytes for all together.</summary>
    public long Limit => limit;

    /// <summary>Bytes that are taken now.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Takes a share; dispose the result to give it back.</summary>
    /// <param name="fileName">File to be decoded, for messages.</param>
    /// <param name="bytes">The share.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <exception cref="MediaException">It is more than all.</exception>
    /// <exception cref="ResourceExhaustedException">Others did not give enough back in time (<c>DECODE_MEMORY</c>).</exception>
    public async Task<IDisposable> TakeAsync(string fileName, long bytes, CancellationToken cancellationToken)
    {
        if (bytes > limit)
        {
            throw new MediaException(
                fileName, $"{fileName} would take about {bytes >> 20} MiB to decode; at most {limit >> 20} MiB are allowed for all decoding.");
        }

        Waiter waiter = new(this, bytes);
        lock (_gate)
        {
            _waiters.AddLast(waiter);
            Admit();
        }

        try
        {
            await waiter.Admitted.Task.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
            return waiter;
        }
        catch (TimeoutException)
        {
            waiter.Dispose();
            throw new ResourceExhaustedException(
                "DECODE_MEMORY", $"{Taken >> 20} MiB are taken by other decoding, this clip needs about {bytes >> 20} MiB, and the limit is "
                    + $"{limit >> 20} MiB.", patience);
        }
        catch
        {
            waiter.Dispose();
            throw;
        }
    }

    private void Admit()
    {
        while (_waiters.First is { Value: var next } && _taken + next.Bytes <= limit)
        {
            _waiters.RemoveFirst();
            _taken += next.Bytes;
            MediaDiagnostics.DecodeMemory.Add(next.Bytes);
            next.Admitted.SetResult();
        }
    }

    private void GiveBack(Waiter waiter)
    {
        bool wasLarge = false;
        lock (_gate)
        {
            if (!_waiters.Remove(waiter))
            {
                _taken -= waiter.Bytes;
                MediaDiagnostics.DecodeMemory.Add(-waiter.Bytes);
                wasLarge = waiter.Bytes >= LargeShare;
            }

            Admit();
            wasLarge &= _taken < LargeShare;
        }

        if (wasLarge)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private sealed class Waiter(DecodeBudget budget, long bytes) : IDisposable
    {
        private int _isDisposed;

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Bytes => bytes;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                budget.GiveBack(this);
            }
        }
    }
}

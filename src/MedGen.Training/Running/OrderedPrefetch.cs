using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MedGen.Training.Running;

/// <summary>
/// Makes items on background threads, a bounded number ahead, and hands them out in order. Each thread has every n-th item, so the order needs no
/// sorting.
/// </summary>
/// <typeparam name="T">Item.</typeparam>
internal sealed class OrderedPrefetch<T> : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<T>[] _lanes;
    private readonly Thread[] _threads;
    private ExceptionDispatchInfo? _failure;
    private int _next;

    /// <summary>Starts.</summary>
    /// <param name="make">Makes the item of an index; must be safe for use from several threads.</param>
    /// <param name="first">First index.</param>
    /// <param name="end">Index behind the last.</param>
    /// <param name="workers">Threads, 1 or more.</param>
    /// <param name="readAhead">Items that each of them has ready at most, 1 or more.</param>
    public OrderedPrefetch(Func<int, T> make, int first, int end, int workers, int readAhead)
    {
        _lanes = [.. Enumerable.Range(0, workers).Select(_ => new BlockingCollection<T>(readAhead))];
        _threads =
        [
            .. _lanes.Select(
                (lane, number) =>
                    new Thread(() => Fill(make, lane, first + number, end, workers)) { IsBackground = true, Name = $"training data {number}" }),
        ];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>Waits for the next item; throws what its thread ran into.</summary>
    public T Take()
    {
        try
        {
            return _lanes[_next++ % _lanes.Length].Take();
        }
        catch (InvalidOperationException)
        {
            // The lane ended early: what its thread ran into counts.
            _failure?.Throw();
            throw;
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        Array.ForEach(_threads, thread => thread.Join());
        Array.ForEach(_lanes, lane => lane.Dispose());
        _stop.Dispose();
    }

    private void Fill(Func<int, T> make, BlockingCollection<T> lane, int first, int end, int stride)
    {
        try
        {
            for (int index = first; index < end; index += stride)
            {
                lane.Add(make(index), _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: nobody takes any more.
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
        finally
        {
            lane.CompleteAdding();
        }
    }
}

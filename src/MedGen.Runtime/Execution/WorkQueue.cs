using MedGen.Sdk.Serving;

namespace MedGen.Runtime.Execution;

/// <summary>
/// Waiting device work: the most urgent first, then the oldest. Whoever waits grows more urgent by one priority in each <paramref name="aging"/>, so
/// that nobody waits for ever. Safe for many producers and one consumer.
/// </summary>
/// <param name="limit">Items that may wait.</param>
/// <param name="time">Tells how long they have.</param>
/// <param name="aging">Time that stands for one priority.</param>
internal sealed class WorkQueue(int limit, TimeProvider time, TimeSpan aging)
{
    private readonly object _gate = new();
    private readonly LinkedList<(WorkItem Item, long Since)>[] _byPriority =
        [.. Enum.GetValues<ServicePriority>().Select(_ => new LinkedList<(WorkItem Item, long Since)>())];

    private bool _closed;

    /// <summary>Items that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byPriority.Sum(list => list.Count);
            }
        }
    }

    /// <summary>Adds an item.</summary>
    /// <param name="item">The work.</param>
    /// <param name="priority">How urgent.</param>
    /// <param name="isAdmitted">Part of a request that was let in before: it never counts as one too many.</param>
    /// <returns>False when the queue is full.</returns>
    /// <exception cref="OperationCanceledException">The queue is closed.</exception>
    public bool TryAdd(WorkItem item, ServicePriority priority, bool isAdmitted)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new OperationCanceledException("The device executor has stopped.");
            }

            if (!isAdmitted && _byPriority.Sum(list => list.Count) >= limit)
            {
                return false;
            }

            _byPriority[(int)priority].AddLast((item, time.GetTimestamp()));
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Takes a waiting item out.</summary>
    /// <returns>False when it no longer waits.</returns>
    public bool TryRemove(WorkItem item)
    {
        lock (_gate)
        {
            foreach (LinkedList<(WorkItem Item, long Since)> list in _byPriority)
            {
                for (LinkedListNode<(WorkItem Item, long Since)>? node = list.First; node is not null; node = node.Next)
                {
                    if (node.Value.Item == item)
                    {
                        list.Remove(node);
                        return true;
                    }
                }
            }

            return false;
        }
    }

    /// <summary>Waits for the next item; null when the queue is closed.</summary>
    public WorkItem? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_closed)
                {
                    return null;
                }

                if (Next() is { } list)
                {
                    WorkItem item = list.First!.Value.Item;
                    list.RemoveFirst();
                    return item;
                }

                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Ends <see cref="Take"/> and gives back what still waits.</summary>
    public IReadOnlyList<WorkItem> Close()
    {
        lock (_gate)
        {
            _closed = true;
            List<WorkItem> left = [.. _byPriority.SelectMany(list => list).Select(entry => entry.Item)];
            Array.ForEach(_byPriority, list => list.Clear());
            Monitor.PulseAll(_gate);
            return left;
        }
    }

    // Within a list the first is the oldest, so only the first ones compete.
    private LinkedList<(WorkItem Item, long Since)>? Next()
    {
        long now = time.GetTimestamp();
        return _byPriority.Select((list, priority) => (List: list, Priority: priority))
            .Where(entry => entry.List.Count > 0)
            .OrderBy(entry => Math.Max(0, entry.Priority - (time.GetElapsedTime(entry.List.First!.Value.Since, now).Ticks / aging.Ticks)))
            .ThenBy(entry => entry.List.First!.Value.Since)
            .Select(entry => entry.List)
            .FirstOrDefault();
    }
}

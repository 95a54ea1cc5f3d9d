using MedGen.Torch.Execution;

namespace MedGen.Runtime.Execution;

/// <summary>Waiting device work: the most urgent first, then the oldest. Safe for many producers and one consumer.</summary>
internal sealed class WorkQueue(int limit)
{
    private readonly object _gate = new();
    private readonly LinkedList<WorkItem>[] _byPriority = [.. Enum.GetValues<WorkPriority>().Select(_ => new LinkedList<WorkItem>())];
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
    public bool TryAdd(WorkItem item, WorkPriority priority, bool isAdmitted)
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

            _byPriority[(int)priority].AddLast(item);
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
            return _byPriority.Any(list => list.Remove(item));
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

                if (_byPriority.FirstOrDefault(list => list.Count > 0) is { } list)
                {
                    WorkItem item = list.First!.Value;
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
            List<WorkItem> left = [.. _byPriority.SelectMany(list => list)];
            Array.ForEach(_byPriority, list => list.Clear());
            Monitor.PulseAll(_gate);
            return left;
        }
    }
}

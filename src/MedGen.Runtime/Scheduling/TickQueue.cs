using MedGen.Sdk.Serving;
using MedGen.Runtime.Execution;

namespace MedGen.Runtime.Scheduling;

/// <summary>
/// The scheduler's turns in the device's queue: for each priority one at most, so that the queue decides between the priorities and everything more
/// urgent gets in between two turns. After a turn that failed one more is asked for, in which what was left can be closed; where that fails, too, it
/// is left at that.
/// </summary>
/// <param name="executor">The device.</param>
/// <param name="tick">One turn; on the device thread.</param>
/// <param name="fail">Told when a turn could not be taken or has failed; on any thread but the caller's.</param>
internal sealed class TickQueue(DeviceExecutor executor, Action<ServicePriority> tick, Action<Exception> fail)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ServicePriority> _queued = [];
    private bool _lastFailed;

    /// <summary>Asks for a turn, unless there is one already.</summary>
    /// <param name="priority">Whose.</param>
    public void Request(ServicePriority priority)
    {
        lock (_gate)
        {
            if (!_queued.Add(priority))
            {
                return;
            }
        }

        _ = TakeAsync(priority);
    }

    private async Task TakeAsync(ServicePriority priority)
    {
        try
        {
            await executor.EnqueueAsync(() => Take(priority), priority).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whoever waits for turns is told why there are none.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // It may have failed already: what follows must not happen within the caller's walk over the runs.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            Forget(priority);
            fail(exception);
            if (!Note(failed: true))
            {
                Request(ServicePriority.Interactive);
            }
        }
    }

    private void Take(ServicePriority priority)
    {
        Forget(priority);
        tick(priority);
        Note(failed: false);
    }

    private void Forget(ServicePriority priority)
    {
        lock (_gate)
        {
            _queued.Remove(priority);
        }
    }

    // Returns how the turn before ended.
    private bool Note(bool failed)
    {
        lock (_gate)
        {
            bool before = _lastFailed;
            _lastFailed = failed;
            return before;
        }
    }
}

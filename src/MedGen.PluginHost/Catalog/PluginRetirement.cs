using MedGen.PluginHost.Loading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Catalog;

/// <summary>
/// Takes instances out of memory: waits for their leases, disposes their services, unloads them and looks whether they are gone.
/// A drain that outlasts the limit goes on until its last call ends, or the host stops.
/// </summary>
internal sealed class PluginRetirement(
    PluginLoading loading, IOptions<PluginHostOptions> options, TimeProvider time, ILogger<PluginRetirement> logger)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];
    private bool _isStopping;

    /// <summary>Retires an instance.</summary>
    /// <param name="record">Its plugin.</param>
    /// <param name="instance">The instance, which gets no new calls any more; null: nothing to do.</param>
    /// <param name="cancellationToken">Stops waiting; the retirement goes on.</param>
    /// <returns>Completes when the instance is gone, or the drain limit has passed.</returns>
    public async Task EndAsync(PluginRecord record, PluginInstance? instance, CancellationToken cancellationToken)
    {
        if (instance is null)
        {
            return;
        }

        Task drained = instance.DrainAsync();
        Log.Draining(logger, instance.Manifest.Id, instance.Manifest.Version, instance.Leases);
        Task retired = RetireAsync(record, instance, drained);
        Track(retired);
        try
        {
            await drained.WaitAsync(options.Value.DrainLimit, time, cancellationToken).ConfigureAwait(false);
            await retired.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The record says how many calls are still in flight; the retirement ends with the last of them.
        }
    }

    /// <summary>Retirements end without waiting for the garbage collector from now on; those that wait for nobody are awaited.</summary>
    public async Task StopAsync()
    {
        Task[] running;
        lock (_lock)
        {
            _isStopping = true;
            running = [.. _running];
        }

        try
        {
            await Task.WhenAll(running).WaitAsync(options.Value.DrainLimit, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.StoppedWhileDraining(logger, running.Count(task => !task.IsCompleted));
        }
    }

    private async Task RetireAsync(PluginRecord record, PluginInstance instance, Task drained)
    {
        await drained.ConfigureAwait(false);
        await loading.DisposeAsync(instance).ConfigureAwait(false);
        bool isCollected = IsStopping() || await loading.IsCollectedAsync(instance.Context).ConfigureAwait(false);
        record.Retired(instance, isCollected);
        if (isCollected)
        {
            Log.Unloaded(logger, instance.Manifest.Id, instance.Manifest.Version);
        }
        else
        {
            Log.Leaked(logger, instance.Manifest.Id, instance.Manifest.Version);
        }
    }

    private bool IsStopping()
    {
        lock (_lock)
        {
            return _isStopping;
        }
    }

    private void Track(Task task)
    {
        lock (_lock)
        {
            _running.RemoveWhere(other => other.IsCompleted);
            _running.Add(task);
        }
    }
}

using System.Collections.Concurrent;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Plugins;
using MedGen.Application.Plugins;
using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Loading;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Catalog;

/// <summary>All plugins of the host. Changes to one plugin happen one at a time; different plugins do not wait for each other.</summary>
internal sealed class PluginCatalog(
    PluginDiscovery discovery,
    PluginSwitches switches,
    PluginActivation activation,
    PluginRetirement retirement,
    TimeProvider time,
    ILogger<PluginCatalog> logger) : IPluginCatalog, IDisposable
{
    private const string TurnedOff = "An administrator turned it off.";

    private readonly ConcurrentDictionary<string, PluginRecord> _plugins = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Loads every plugin that is found and turned on. A bad plugin is noted and stops nobody.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        switches.Load();
        await Task.WhenAll(discovery.FindIds().Select(id => StartAsync(RecordOf(id), id, cancellationToken))).ConfigureAwait(false);
        _started.TrySetResult();
    }

    /// <summary>Gives out no more services, waits for the calls in flight within the drain limit, and disposes all plugins.</summary>
    public async Task StopAsync()
    {
        _started.TrySetResult();
        Task earlier = retirement.StopAsync();
        Task[] ends = [.. _plugins.Values.Select(record =>
            retirement.EndAsync(record, record.SwitchOff(PluginState.Unloaded, "The host stops."), CancellationToken.None))];
        await Task.WhenAll(ends.Append(earlier)).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (PluginRecord record in _plugins.Values)
        {
            record.Dispose();
        }
    }

    /// <inheritdoc />
    public async Task<PluginLease<T>> AcquireAsync<T>(
        PluginCapabilityKind kind, string? task, string? pluginId, CancellationToken cancellationToken)
        where T : class
    {
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            PluginInstance instance = pluginId is null ? FindAny(kind, task) : FindOne(pluginId, kind, task);

            // Null: a reload has switched to another version since; look again.
            if (instance.TryLease(kind, task) is { } service)
            {
                return new PluginLease<T>((T)service, instance.Manifest.Id, instance.Manifest.Version, instance.Release);
            }
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<PluginStatus> List() =>
        [.. _plugins.Values.Select(record => record.Status()).OrderBy(status => status.Id, StringComparer.Ordinal)];

    /// <inheritdoc />
    public PluginStatus GetStatus(string pluginId) => Find(pluginId).Status();

    /// <inheritdoc />
    public async Task<PluginStatus> ReloadAsync(string pluginId, CancellationToken cancellationToken)
    {
        if (!_plugins.ContainsKey(pluginId) && discovery.CheckVersions(pluginId).Count == 0)
        {
            throw new ResourceNotFoundException("plugin", pluginId);
        }

        PluginRecord record = RecordOf(pluginId);
        await record.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (switches.IsDisabled(pluginId))
            {
                throw new FailedPreconditionException("PLUGIN_DISABLED", $"Plugin '{pluginId}' is turned off; turn it on instead of reloading it.");
            }

            return await ActivateAsync(record, pluginId, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            record.Gate.Release();
        }
    }

    /// <inheritdoc />
    public async Task<PluginStatus> EnableAsync(string pluginId, CancellationToken cancellationToken)
    {
        PluginRecord record = Find(pluginId);
        await record.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (switches.IsDisabled(pluginId))
            {
                switches.Set(pluginId, disabled: false);
                Log.Switched(logger, pluginId, "on");
            }

            return record.Active is null ? await ActivateAsync(record, pluginId, cancellationToken).ConfigureAwait(false) : record.Status();
        }
        finally
        {
            record.Gate.Release();
        }
    }

    /// <inheritdoc />
    public async Task<PluginStatus> DisableAsync(string pluginId, CancellationToken cancellationToken)
    {
        PluginRecord record = Find(pluginId);
        await record.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!switches.IsDisabled(pluginId))
            {
                switches.Set(pluginId, disabled: true);
                Log.Switched(logger, pluginId, "off");
                PluginInstance? previous = record.SwitchOff(PluginState.Disabled, TurnedOff);
                await retirement.EndAsync(record, previous, cancellationToken).ConfigureAwait(false);
            }

            return record.Status();
        }
        finally
        {
            record.Gate.Release();
        }
    }

    private async Task StartAsync(PluginRecord record, string pluginId, CancellationToken cancellationToken)
    {
        IReadOnlyList<PluginFolderReport> versions = discovery.CheckVersions(pluginId);
        if (switches.IsDisabled(pluginId))
        {
            record.Show(versions[0], PluginState.Disabled, TurnedOff);
        }
        else
        {
            await activation.RunAsync(record, versions, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PluginStatus> ActivateAsync(PluginRecord record, string pluginId, CancellationToken cancellationToken)
    {
        string? failure = await activation.RunAsync(record, discovery.CheckVersions(pluginId), cancellationToken).ConfigureAwait(false);
        return failure is null
            ? record.Status()
            : throw new FailedPreconditionException("PLUGIN_REFUSED", $"Plugin '{pluginId}' cannot be loaded. {failure}");
    }

    private PluginRecord Find(string pluginId) =>
        _plugins.TryGetValue(pluginId, out PluginRecord? record) ? record : throw new ResourceNotFoundException("plugin", pluginId);

    private PluginRecord RecordOf(string pluginId) => _plugins.GetOrAdd(pluginId, id => new PluginRecord(id, time));

    private PluginInstance FindOne(string pluginId, PluginCapabilityKind kind, string? task)
    {
        PluginRecord record = Find(pluginId);
        if (record.Active is not { } active)
        {
            PluginStatus status = record.Status();
            throw new FailedPreconditionException(
                "PLUGIN_NOT_ACTIVE", $"Plugin '{pluginId}' is {status.State.ToString().ToLowerInvariant()}. {status.Reason}".TrimEnd());
        }

        return active.Offers(kind, task)
            ? active
            : throw new FailedPreconditionException(
                "CAPABILITY_NOT_OFFERED",
                $"Plugin '{pluginId}' does not offer {Describe(kind, task)}; it offers {Describe(active.Manifest.Capabilities)}.");
    }

    private PluginInstance FindAny(PluginCapabilityKind kind, string? task)
    {
        PluginInstance[] active = [.. _plugins.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value.Active).OfType<PluginInstance>()];
        return active.FirstOrDefault(instance => instance.Offers(kind, task))
            ?? throw new FailedPreconditionException(
                "CAPABILITY_NOT_OFFERED",
                $"No active plugin offers {Describe(kind, task)}; "
                    + $"offered are {Describe(active.SelectMany(instance => instance.Manifest.Capabilities))}.");
    }

    private static string Describe(PluginCapabilityKind kind, string? task) =>
        PluginServices.Describe(new PluginCapability { Kind = kind, Task = task });

    private static string Describe(IEnumerable<PluginCapability> capabilities) =>
        string.Join(", ", capabilities.Select(PluginServices.Describe).Distinct().DefaultIfEmpty("none"));
}

using System.Collections.Concurrent;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;
using MedGen.Application.Plugins;
using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Home;
using MedGen.PluginHost.Loading;
using MedGen.PluginHost.Manifests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Catalog;

/// <summary>All plugins of the host. Changes to one plugin happen one at a time; different plugins do not wait for each other.</summary>
internal sealed class PluginCatalog(
    PluginDiscovery discovery,
    PluginSwitches switches,
    PluginActivation activation,
    PluginRetirement retirement,
    PluginTrials trials,
    PluginCallJournal journal,
    IOptions<PluginHostOptions> options,
    TimeProvider time,
    ILogger<PluginCatalog> logger) : IPluginCatalog, IDisposable
{
    private const string TurnedOff = "An administrator turned it off.";

    private readonly PluginSelection _selection = new(switches, options.Value.OwnPlugins, time);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();

    private ConcurrentDictionary<string, PluginRecord> Plugins => _selection.Plugins;

    /// <summary>Loads every plugin that is found and turned on. A bad plugin is noted and stops nobody.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        switches.Load();
        journal.Load();
        string[] ids = [.. discovery.FindIds()];
        foreach (string id in ids)
        {
            PluginRecord record = RecordOf(id);
            record.Starting = Task.Run(() => StartAsync(record, id, _stopping.Token), CancellationToken.None);
        }

        _started.TrySetResult();
        try
        {
            await LoadedAsync(ids).WaitAsync(options.Value.StartWait, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.StillLoading(logger, string.Join(", ", ids.Where(id => !RecordOf(id).Starting.IsCompleted)));
        }
    }

    // Completes when every plugin is loaded or refused, and says what is only known then.
    private async Task LoadedAsync(IEnumerable<string> ids)
    {
        await Task.WhenAll(ids.Select(id => RecordOf(id).Starting)).ConfigureAwait(false);
        foreach ((string task,
            string id) in switches.Chosen.Where(choice => !Plugins.TryGetValue(choice.Value, out PluginRecord? record) || record.Active is null))
        {
            Log.ChosenNotActive(logger, id, task);
        }

        foreach (string file in OperatorFile.For(options.Value.SettingsFolder, id => !Plugins.ContainsKey(id)))
        {
            Log.SettingsForNobody(logger, file);
        }
    }

    /// <summary>Gives out no more services, waits for the calls in flight within the drain limit, and disposes all plugins.</summary>
    public async Task StopAsync()
    {
        _started.TrySetResult();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Plugins.Values.Select(record => record.Starting)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task earlier = retirement.StopAsync();
        Task[] ends =
        [
            .. Plugins.Values.Select(record =>
                retirement.EndAsync(record, record.SwitchOff(PluginState.Unloaded, "The host stops."), CancellationToken.None)),
            .. Plugins.Values.Select(record => trials.EndAsync(record, CancellationToken.None)),
        ];
        await Task.WhenAll(ends.Append(earlier)).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stopping.Dispose();
        foreach (PluginRecord record in Plugins.Values)
        {
            record.Dispose();
        }
    }

    /// <inheritdoc />
    public async Task<PluginLease<T>> AcquireAsync<T>(
        string kind, string? task, string? pluginId, CancellationToken cancellationToken)
        where T : class
    {
        await LoadedAsync(kind, task, pluginId, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            PluginInstance active = pluginId is null ? _selection.FindAny(kind, task) : _selection.FindOne(pluginId, kind, task);
            PluginInstance instance = RecordOf(active.Manifest.Id).Choose(active, kind, task);

            // Null: a reload has switched to another version since; look again.
            if (instance.TryLease(kind, task) is { } service)
            {
                PluginManifest manifest = instance.Manifest;
                return new PluginLease<T>(
                    (T)service, manifest.Id, manifest.Version, ended => Released(instance, ended), _ => Abandoned(instance), instance.Home);
            }
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<PluginStatus> List() =>
        [.. Plugins.Values.Select(Status).Concat(_selection.Absent()).OrderBy(status => status.Id, StringComparer.Ordinal)];

    /// <inheritdoc />
    public PluginStatus GetStatus(string pluginId) => Status(_selection.Find(pluginId));

    /// <inheritdoc />
    public async Task UseAsync(string capability, string? task, string? pluginId, CancellationToken cancellationToken)
    {
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        (string kind, _) = CapabilityNames.Parse(capability, task);
        if (pluginId is not null)
        {
            await LoadedAsync(kind, task, pluginId, cancellationToken).ConfigureAwait(false);
            _selection.FindOne(pluginId, kind, task);
        }

        string name = CapabilityNames.NameOf(kind, task);
        switches.Choose(name, pluginId);
        Log.Chosen(logger, pluginId ?? "none", name);
    }

    /// <inheritdoc />
    public async Task<PluginStatus> ReloadAsync(string pluginId, CancellationToken cancellationToken)
    {
        if (!Plugins.ContainsKey(pluginId) && discovery.CheckVersions(pluginId).Count == 0)
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
        PluginRecord record = _selection.Find(pluginId);
        await record.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (switches.IsDisabled(pluginId))
            {
                switches.Set(pluginId, disabled: false);
                Log.Switched(logger, pluginId, "on");
            }

            switches.LiftQuarantine(pluginId);
            return record.Active is null ? await ActivateAsync(record, pluginId, cancellationToken).ConfigureAwait(false) : Status(record);
        }
        finally
        {
            record.Gate.Release();
        }
    }

    /// <inheritdoc />
    public async Task<PluginStatus> DisableAsync(string pluginId, CancellationToken cancellationToken)
    {
        PluginRecord record = _selection.Find(pluginId);
        await record.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!switches.IsDisabled(pluginId))
            {
                switches.Set(pluginId, disabled: true);
                Log.Switched(logger, pluginId, "off");
                PluginInstance? previous = record.SwitchOff(PluginState.Disabled, TurnedOff);
                await retirement.EndAsync(record, previous, cancellationToken).ConfigureAwait(false);
                await trials.EndAsync(record, cancellationToken).ConfigureAwait(false);
            }

            return Status(record);
        }
        finally
        {
            record.Gate.Release();
        }
    }

    /// <inheritdoc />
    public async Task<long> EraseDataAsync(string pluginId, CancellationToken cancellationToken)
    {
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        string? folder = options.Value.DataRoot is { } root && ManifestRules.IsId(pluginId) ? PluginDataFolder.PathOf(root, pluginId) : null;
        if (!Plugins.ContainsKey(pluginId) && !Directory.Exists(folder))
        {
            throw new ResourceNotFoundException("plugin", pluginId);
        }

        PluginRecord record = RecordOf(pluginId);
        await record.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (record.IsInMemory)
            {
                throw new FailedPreconditionException(
                    "PLUGIN_IN_USE", $"Plugin '{pluginId}' works with its data; turn it off first, and wait for the calls in flight.");
            }

            long bytes = PluginDataFolder.Erase(folder);
            Log.DataErased(logger, pluginId);
            return bytes;
        }
        finally
        {
            record.Gate.Release();
        }
    }

    // Whoever needs one plugin waits for that one; whoever does not say which waits until all are known that could be meant.
    private async Task LoadedAsync(string kind, string? task, string? pluginId, CancellationToken cancellationToken)
    {
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        string? meant = pluginId ?? _selection.Meant(CapabilityNames.NameOf(kind, task));
        IEnumerable<PluginRecord> needed = meant is null ? Plugins.Values : Plugins.TryGetValue(meant, out PluginRecord? one) ? [one] : [];
        await Task.WhenAll(needed.Select(record => record.Starting)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task StartAsync(PluginRecord record, string pluginId, CancellationToken cancellationToken)
    {
        await record.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
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
        finally
        {
            record.Gate.Release();
        }
    }

    private async Task<PluginStatus> ActivateAsync(PluginRecord record, string pluginId, CancellationToken cancellationToken)
    {
        string? failure = await activation.RunAsync(record, discovery.CheckVersions(pluginId), cancellationToken).ConfigureAwait(false);
        return failure is null
            ? Status(record)
            : throw new FailedPreconditionException("PLUGIN_REFUSED", $"Plugin '{pluginId}' cannot be loaded. {failure}");
    }

    private void Released(PluginInstance instance, bool? wentWell)
    {
        instance.Release();
        if (wentWell is { } known)
        {
            instance.Home.Use.Count(known);
            trials.Count(RecordOf(instance.Manifest.Id), instance, known);
        }

        if (instance.Crashes >= options.Value.AbandonedCallLimit)
        {
            Quarantine(instance, $"the process of version {instance.Manifest.Version} ended {instance.Crashes} times in a row");
        }
    }

    private void Abandoned(PluginInstance instance)
    {
        if (instance.Abandon() is var calls && calls >= options.Value.AbandonedCallLimit)
        {
            Quarantine(instance, $"{calls} calls of version {instance.Manifest.Version} did not end when they were told to");
        }

        instance.Home.Use.Count(wentWell: false);
        trials.Count(RecordOf(instance.Manifest.Id), instance, wentWell: false);
    }

    private void Quarantine(PluginInstance instance, string why)
    {
        (string id, string version) = (instance.Manifest.Id, instance.Manifest.Version);
        string reason = $"{char.ToUpperInvariant(why[0])}{why[1..]}; 'medgen plugins enable {id}' lifts the quarantine.";
        switches.Quarantine(id, version, reason);
        Log.Quarantined(logger, id, version, reason);
        PluginRecord record = RecordOf(id);
        if (trials.Replace(record, instance, reason))
        {
            return;
        }

        // The retirement is watched until the host stops; nobody waits for it here.
        PluginInstance? ended = record.SwitchOff(instance, PluginState.Quarantined, reason);
        if (ended is null && (ended = record.EndTrial(instance)) is not null)
        {
            trials.Forget(id, version);
        }

        _ = retirement.EndAsync(record, ended, CancellationToken.None);
    }

    private PluginRecord RecordOf(string pluginId) => Plugins.GetOrAdd(pluginId, id => new PluginRecord(id, time));

    private PluginStatus Status(PluginRecord record)
    {
        PluginStatus status = record.Status();
        PluginInstance? active = record.Active;
        return status with
        {
            DefaultFor = _selection.DefaultFor(status),
            Settings = active is null ? null : SettingsOf(active),
            Usage = active?.Home.Use.Read(),
        };
    }

    private static PluginSettingsStatus SettingsOf(PluginInstance active) => new()
    {
        Declared = active.Settings,
        Values = active.Home.Settings,
        GivenSecrets = [.. active.Home.GivenSecrets.Order(StringComparer.Ordinal)],
        DataBytesAllowed = active.Home.Data?.Quota ?? 0,
        DataBytesUsed = active.Home.Data?.Used() ?? 0,
    };
}

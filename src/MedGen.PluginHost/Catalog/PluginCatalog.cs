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

    private readonly ConcurrentDictionary<string, PluginRecord> _plugins = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Loads every plugin that is found and turned on. A bad plugin is noted and stops nobody.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        switches.Load();
        journal.Load();
        await Task.WhenAll(discovery.FindIds().Select(id => StartAsync(RecordOf(id), id, cancellationToken))).ConfigureAwait(false);
        foreach ((string task,
            string id) in switches.Chosen.Where(choice => !_plugins.TryGetValue(choice.Value, out PluginRecord? record) || record.Active is null))
        {
            Log.ChosenNotActive(logger, id, task);
        }

        foreach (string file in OperatorFile.For(options.Value.SettingsFolder, id => !_plugins.ContainsKey(id)))
        {
            Log.SettingsForNobody(logger, file);
        }

        _started.TrySetResult();
    }

    /// <summary>Gives out no more services, waits for the calls in flight within the drain limit, and disposes all plugins.</summary>
    public async Task StopAsync()
    {
        _started.TrySetResult();
        Task earlier = retirement.StopAsync();
        Task[] ends =
        [
            .. _plugins.Values.Select(record =>
                retirement.EndAsync(record, record.SwitchOff(PluginState.Unloaded, "The host stops."), CancellationToken.None)),
            .. _plugins.Values.Select(record => trials.EndAsync(record, CancellationToken.None)),
        ];
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
        string kind, string? task, string? pluginId, CancellationToken cancellationToken)
        where T : class
    {
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            PluginInstance active = pluginId is null ? FindAny(kind, task) : FindOne(pluginId, kind, task);
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
        [.. _plugins.Values.Select(Status).Concat(Absent()).OrderBy(status => status.Id, StringComparer.Ordinal)];

    /// <inheritdoc />
    public PluginStatus GetStatus(string pluginId) => Status(Find(pluginId));

    /// <inheritdoc />
    public async Task UseAsync(string capability, string? task, string? pluginId, CancellationToken cancellationToken)
    {
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        (string kind, _) = CapabilityNames.Parse(capability, task);
        if (pluginId is not null)
        {
            FindOne(pluginId, kind, task);
        }

        string name = CapabilityNames.NameOf(kind, task);
        switches.Choose(name, pluginId);
        Log.Chosen(logger, pluginId ?? "none", name);
    }

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
        if (!_plugins.ContainsKey(pluginId) && !Directory.Exists(folder))
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

    private PluginRecord Find(string pluginId) =>
        _plugins.TryGetValue(pluginId, out PluginRecord? record) ? record : throw new ResourceNotFoundException("plugin", pluginId);

    private PluginRecord RecordOf(string pluginId) => _plugins.GetOrAdd(pluginId, id => new PluginRecord(id, time));

    private PluginInstance FindOne(string pluginId, string kind, string? task)
    {
        PluginRecord record = Find(pluginId);
        if (record.Active is not { } active)
        {
            throw new FailedPreconditionException("PLUGIN_NOT_ACTIVE", WhyNotActive(record.Status()));
        }

        return active.Offers(kind, task)
            ? active
            : throw new FailedPreconditionException(
                "CAPABILITY_NOT_OFFERED",
                $"Plugin '{pluginId}' does not offer {Describe(kind, task)}; it offers {Describe(active.Manifest.Capabilities)}.");
    }

    // Which plugin is meant must never depend on what else happens to be installed: nobody would be asked, and nobody told.
    private PluginInstance FindAny(string kind, string? task)
    {
        string name = CapabilityNames.NameOf(kind, task);
        if (Meant(name) is { } meant)
        {
            return FindMeant(meant, name, kind, task);
        }

        PluginInstance[] active = [.. Active()];
        return active.Where(instance => instance.Offers(kind, task)).ToArray() switch
        {
            [var only] => only,
            [] when Idle(kind, task) is { Length: > 0 } idle => throw new FailedPreconditionException(
                "PLUGIN_NOT_ACTIVE", $"No active plugin offers {Describe(kind, task)}. {string.Join(" ", idle)}"),
            [] => throw new FailedPreconditionException(
                "CAPABILITY_NOT_OFFERED",
                $"No active plugin offers {Describe(kind, task)}; "
                    + $"offered are {Describe(active.SelectMany(instance => instance.Manifest.Capabilities))}."),
            var several => throw new FailedPreconditionException(
                "PLUGIN_AMBIGUOUS",
                $"Several plugins offer {Describe(kind, task)}: {string.Join(", ", several.Select(instance => instance.Manifest.Id))}. "
                    + $"Name one in the request, or choose one with 'medgen plugins use {name} ID'."),
        };
    }

    private PluginInstance FindMeant(string pluginId, string name, string kind, string? task)
    {
        try
        {
            return FindOne(pluginId, kind, task);
        }
        catch (MedGenException exception)
        {
            string why = switches.Chosen.ContainsKey(name) ? "was chosen" : "is the platform's own";
            throw new FailedPreconditionException(
                exception is FailedPreconditionException ? exception.Reason : "PLUGIN_NOT_ACTIVE",
                $"{exception.Message.TrimEnd('.')}. It {why} for {name}; no other takes its place unless one is chosen with 'medgen plugins use "
                    + $"{name} ID'.",
                exception);
        }
    }

    /// <summary>What keeps the plugins that could do something from it.</summary>
    private string[] Idle(string kind, string? task) =>
    [
        .. _plugins.Values.Select(record => record.Status())
            .Where(status => status.State != PluginState.Active && status.Capabilities.Any(one => one.Kind == kind && one.Task == task))
            .OrderBy(status => status.Id, StringComparer.Ordinal).Select(WhyNotActive),
    ];

    private static string WhyNotActive(PluginStatus status) =>
        $"Plugin '{status.Id}' is {status.State.ToString().ToLowerInvariant()}. {status.Reason}".TrimEnd();

    /// <summary>The plugin that is to serve a task; null: nobody has said, and the platform has none of its own.</summary>
    private string? Meant(string name) =>
        switches.Chosen.TryGetValue(name, out string? chosen) ? chosen
        : options.Value.OwnPlugins.TryGetValue(name, out string? own) && _plugins.ContainsKey(own) ? own
        : null;

    private IEnumerable<PluginInstance> Active() =>
        _plugins.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Active).OfType<PluginInstance>();

    private PluginStatus Status(PluginRecord record)
    {
        PluginStatus status = record.Status();
        PluginInstance? active = record.Active;
        return status with
        {
            DefaultFor = [.. TaskNames(status.Capabilities).Where(name => (Meant(name) ?? OnlyOne(name)) == status.Id)],
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

    private IEnumerable<string> TaskNames(IEnumerable<PluginCapability> capabilities) =>
        capabilities.Select(CapabilityNames.NameOf).Concat(switches.Chosen.Keys).Distinct().Order(StringComparer.Ordinal);

    private string? OnlyOne(string name)
    {
        (string kind, string? task) = CapabilityNames.Parse(name);
        return Active().Where(instance => instance.Offers(kind, task)).ToArray() is [var only] ? only.Manifest.Id : null;
    }

    // A choice that nobody could see would refuse requests without a trace.
    private IEnumerable<PluginStatus> Absent() => switches.Chosen.Where(choice => !_plugins.ContainsKey(choice.Value))
        .GroupBy(choice => choice.Value, choice => choice.Key).Select(absent => new PluginStatus
    {
        Id = absent.Key,
        Version = "",
        State = PluginState.Rejected,
        Reason = "It was chosen, but is not installed.",
        Name = absent.Key,
        DefaultFor = [.. absent],
        Since = time.GetUtcNow(),
    });

    private static string Describe(string kind, string? task) =>
        PluginServices.Describe(new PluginCapability { Kind = kind, Task = task });

    private static string Describe(IEnumerable<PluginCapability> capabilities) =>
        string.Join(", ", capabilities.Select(PluginServices.Describe).Distinct().DefaultIfEmpty("none"));
}

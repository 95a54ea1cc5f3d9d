using System.Collections.Concurrent;
using MedGen.Application.Plugins;
using MedGen.PluginHost.Loading;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Catalog;

/// <summary>
/// Which plugin serves a call: the one that it names, or the one that is meant. That must never depend on what else happens to be installed: nobody
/// would be asked, and nobody told.
/// </summary>
/// <param name="switches">What administrators have chosen.</param>
/// <param name="ownPlugins">The platform's own plugins by what they do.</param>
/// <param name="time">Clock.</param>
internal sealed class PluginSelection(PluginSwitches switches, IDictionary<string, string> ownPlugins, TimeProvider time)
{
    /// <summary>All plugins by id.</summary>
    public ConcurrentDictionary<string, PluginRecord> Plugins { get; } = new(StringComparer.Ordinal);

    /// <summary>A plugin.</summary>
    /// <exception cref="ResourceNotFoundException">There is none with that id.</exception>
    public PluginRecord Find(string pluginId) =>
        Plugins.TryGetValue(pluginId, out PluginRecord? record) ? record : throw new ResourceNotFoundException("plugin", pluginId);

    /// <summary>The plugin that a call names.</summary>
    /// <exception cref="FailedPreconditionException">It is not active, or cannot do it.</exception>
    public PluginInstance FindOne(string pluginId, string kind, string? task)
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

    /// <summary>The plugin that is meant where a call names none.</summary>
    /// <exception cref="FailedPreconditionException">It is not active, no active plugin can do this, or several can and none is chosen.</exception>
    public PluginInstance FindAny(string kind, string? task)
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
        .. Plugins.Values.Select(record => record.Status())
            .Where(status => status.State != PluginState.Active && status.Capabilities.Any(one => one.Kind == kind && one.Task == task))
            .OrderBy(status => status.Id, StringComparer.Ordinal).Select(WhyNotActive),
    ];

    private static string WhyNotActive(PluginStatus status) =>
        $"Plugin '{status.Id}' is {status.State.ToString().ToLowerInvariant()}. {status.Reason}".TrimEnd();

    /// <summary>The plugin that is to serve a task; null: nobody has said, and the platform has none of its own.</summary>
    public string? Meant(string name) =>
        switches.Chosen.TryGetValue(name, out string? chosen) ? chosen
        : ownPlugins.TryGetValue(name, out string? own) && Plugins.ContainsKey(own) ? own
        : null;

    private IEnumerable<PluginInstance> Active() =>
        Plugins.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Active).OfType<PluginInstance>();

    /// <summary>What a plugin serves when a call names none.</summary>
    public IReadOnlyList<string> DefaultFor(PluginStatus status) =>
        [.. TaskNames(status.Capabilities).Where(name => (Meant(name) ?? OnlyOne(name)) == status.Id)];

    private IEnumerable<string> TaskNames(IEnumerable<PluginCapability> capabilities) =>
        capabilities.Select(CapabilityNames.NameOf).Concat(switches.Chosen.Keys).Distinct().Order(StringComparer.Ordinal);

    private string? OnlyOne(string name)
    {
        (string kind, string? task) = CapabilityNames.Parse(name);
        return Active().Where(instance => instance.Offers(kind, task)).ToArray() is [var only] ? only.Manifest.Id : null;
    }

    /// <summary>Plugins that were chosen and are not installed. A choice that nobody could see would refuse requests without a trace.</summary>
    public IEnumerable<PluginStatus> Absent() => switches.Chosen.Where(choice => !Plugins.ContainsKey(choice.Value))
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

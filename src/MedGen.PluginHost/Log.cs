using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost;

/// <summary>What this project logs; event ids 4000 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Plugin {PluginId} {Version} is active.")]
    public static partial void Activated(ILogger logger, string pluginId, string version);

    [LoggerMessage(4001, LogLevel.Error, "Plugin {PluginId} {Version} is {State}: {Reason}")]
    public static partial void Refused(ILogger logger, string pluginId, string version, string state, string reason);

    [LoggerMessage(4002, LogLevel.Information, "Plugin {PluginId} {Version} drains; calls in flight: {Calls}.")]
    public static partial void Draining(ILogger logger, string pluginId, string version, int calls);

    [LoggerMessage(4003, LogLevel.Information, "Plugin {PluginId} {Version} is unloaded.")]
    public static partial void Unloaded(ILogger logger, string pluginId, string version);

    [LoggerMessage(4004, LogLevel.Warning, "Plugin {PluginId} {Version} leaks: after its unload something outside still refers to it.")]
    public static partial void Leaked(ILogger logger, string pluginId, string version);

    [LoggerMessage(4005, LogLevel.Warning, "Plugin {PluginId} {Version}: {Reason}")]
    public static partial void DisposeFailed(ILogger logger, string pluginId, string version, string reason);

    [LoggerMessage(4006, LogLevel.Error, "The plugin folder {Root} cannot be read: {Reason}")]
    public static partial void RootUnreadable(ILogger logger, string root, string reason);

    [LoggerMessage(4007, LogLevel.Warning, "{Directory} is passed over: the same version was found in an earlier plugin folder.")]
    public static partial void Duplicate(ILogger logger, string directory);

    [LoggerMessage(4008, LogLevel.Information, "Plugin {PluginId} was turned {Switch}.")]
    public static partial void Switched(ILogger logger, string pluginId, string @switch);

    [LoggerMessage(4009, LogLevel.Warning, "The host stops while {Count} plugin versions still have calls in flight.")]
    public static partial void StoppedWhileDraining(ILogger logger, int count);

    [LoggerMessage(4010, LogLevel.Information, "Plugin chosen for {Task}: {PluginId}.")]
    public static partial void Chosen(ILogger logger, string pluginId, string task);

    [LoggerMessage(4012, LogLevel.Error, "The process died while plugin {PluginId} {Version} was called; {Crashes} times by now.")]
    public static partial void CrashedWith(ILogger logger, string pluginId, string version, int crashes);

    [LoggerMessage(4013, LogLevel.Error, "Plugin {PluginId} {Version} is quarantined: {Reason}")]
    public static partial void Quarantined(ILogger logger, string pluginId, string version, string reason);

    [LoggerMessage(4014, LogLevel.Warning, "Plugin {Plugin} changed torch's {What} for the whole process; it was put back.")]
    public static partial void TorchStatePutBack(ILogger logger, string plugin, string what);

    [LoggerMessage(4011, LogLevel.Error,
        "Plugin {PluginId}, which was chosen for {Task}, is not active: requests for it that name no plugin are refused.")]
    public static partial void ChosenNotActive(ILogger logger, string pluginId, string task);

    [LoggerMessage(EventId = 4015, Message = "{Plugin}, {Category}: {Text}")]
    public static partial void PluginSaid(
        ILogger logger, LogLevel level, string plugin, string category, string text, Exception? exception);

    [LoggerMessage(4019, LogLevel.Warning, "Plugin {PluginId} {Version} serves, though nothing proves where it comes from: {Reason}")]
    public static partial void OriginUnknown(ILogger logger, string pluginId, string version, string reason);

    [LoggerMessage(4020, LogLevel.Information, "Plugin {PluginId} {Version} is on trial with {Share} of the calls.")]
    public static partial void OnTrial(ILogger logger, string pluginId, string version, double share);

    [LoggerMessage(4016, LogLevel.Warning, "{Plugin}: {Count} lines of its log were left out.")]
    public static partial void PluginLinesLeftOut(ILogger logger, string plugin, int count);

    [LoggerMessage(4017, LogLevel.Information,
        "Plugin {PluginId} {Version} runs in process {Process}, in a cage of bubblewrap, its memory held by {Memory}.")]
    public static partial void Isolated(ILogger logger, string pluginId, string version, int process, string memory);

    [LoggerMessage(4018, LogLevel.Warning,
        "Plugin {PluginId} {Version} runs in process {Process}, held by limits on resources alone (memory: {Memory}): it has the files and the "
        + "network of this user.")]
    public static partial void IsolatedByLimitsAlone(ILogger logger, string pluginId, string version, int process, string memory);

    [LoggerMessage(4021, LogLevel.Warning, "{File} in the folder of plugins' settings is for no plugin that is installed.")]
    public static partial void SettingsForNobody(ILogger logger, string file);

    [LoggerMessage(4022, LogLevel.Information, "The data of plugin {PluginId} was removed.")]
    public static partial void DataErased(ILogger logger, string pluginId);

    [LoggerMessage(4023, LogLevel.Warning, "The start waits no longer for plugins that are still loading: {Plugins}.")]
    public static partial void StillLoading(ILogger logger, string plugins);
}

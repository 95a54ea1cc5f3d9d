using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Isolation;

/// <summary>The process of a plugin ended in the middle of a call.</summary>
/// <param name="pluginId">The plugin.</param>
/// <param name="pluginVersion">Its version.</param>
/// <param name="why">How it ended.</param>
internal sealed class PluginCrashedException(string pluginId, string pluginVersion, string why) : MedGenException(
    ErrorCode.Internal, "PLUGIN_CRASHED", $"The process of the plugin '{pluginId}' {pluginVersion} ended in the middle of the call: {why}.");

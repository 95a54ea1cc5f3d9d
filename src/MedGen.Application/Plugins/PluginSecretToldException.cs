using MedGen.Sdk.Errors;

namespace MedGen.Application.Plugins;

/// <summary>A plugin's error held one of its secrets; what it said is passed on to nobody.</summary>
/// <param name="pluginId">Id of the plugin.</param>
/// <param name="pluginVersion">Its version.</param>
public sealed class PluginSecretToldException(string pluginId, string pluginVersion)
    : MedGenException(
        ErrorCode.Internal, "PLUGIN_SECRET_TOLD",
        $"The plugin '{pluginId}' {pluginVersion} failed with an error that holds one of its secrets; it is not passed on.");

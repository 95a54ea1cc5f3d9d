using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Plugins;

/// <summary>A plugin did not answer a question in the time that an answer may take; it ended when it was told to.</summary>
/// <param name="pluginId">Id of the plugin.</param>
/// <param name="pluginVersion">Its version.</param>
/// <param name="limit">The time that it had.</param>
public sealed class PluginSilentException(string pluginId, string pluginVersion, TimeSpan limit)
    : MedGenException(
        ErrorCode.Internal, "PLUGIN_DOES_NOT_ANSWER",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The plugin '{pluginId}' {pluginVersion} did not answer within {limit.TotalSeconds:0.###} s."));

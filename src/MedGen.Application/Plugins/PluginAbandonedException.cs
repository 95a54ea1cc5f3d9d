using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Plugins;

/// <summary>A plugin did not end its call in the time that it has after being told to; the call goes on without anybody who waits for it.</summary>
/// <param name="pluginId">Id of the plugin.</param>
/// <param name="pluginVersion">Its version.</param>
/// <param name="grace">The time that it had.</param>
public sealed class PluginAbandonedException(string pluginId, string pluginVersion, TimeSpan grace)
    : MedGenException(
        ErrorCode.Internal, "PLUGIN_DOES_NOT_END",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The plugin '{pluginId}' {pluginVersion} did not end within {grace.TotalSeconds:0.###} s of being told to; ")
            + "it is not waited for any more.");

using MedGen.Sdk.Errors;

namespace MedGen.Application.Plugins;

/// <summary>A plugin answered what its contract does not allow; nothing of that answer is passed on.</summary>
/// <param name="pluginId">Id of the plugin.</param>
/// <param name="pluginVersion">Its version.</param>
/// <param name="violation">What is wrong, as the plugin's author would look for it.</param>
public sealed class PluginViolationException(string pluginId, string pluginVersion, FieldViolation violation)
    : MedGenException(
        ErrorCode.Internal, "PLUGIN_ANSWER_INVALID",
        $"The plugin '{pluginId}' {pluginVersion} answered what is not allowed. {violation.Field}: {violation.Description}");

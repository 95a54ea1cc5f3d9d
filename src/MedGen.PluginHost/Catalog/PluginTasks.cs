using System.Text.Json;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Catalog;

/// <summary>
/// The names of what plugins do, for operators: a classifier's own task, or the kind as the manifest spells it for kinds without tasks. No two are
/// the same: a task has lower-case letters only.
/// </summary>
internal static class PluginTasks
{
    public static string NameOf(PluginCapability capability) => NameOf(capability.Kind, capability.Task);

    public static string NameOf(PluginCapabilityKind kind, string? task) => task ?? JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public static (PluginCapabilityKind Kind, string? Task) Parse(string name) =>
        Enum.GetValues<PluginCapabilityKind>().Where(kind => NameOf(kind, null) == name).Select(kind => (kind, (string?)null))
            .FirstOrDefault((PluginCapabilityKind.VideoClassifier, name));
}

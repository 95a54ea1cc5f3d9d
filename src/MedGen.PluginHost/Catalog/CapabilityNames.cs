using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Catalog;

/// <summary>
/// What plugins do, as operators write it: the kind without its version, and the task of an analyzer behind a slash, for instance
/// <c>analysis/imaging-modality</c>.
/// </summary>
internal static class CapabilityNames
{
    // How choices were stored before kinds had versions.
    private static readonly Dictionary<string, string> Earlier = new(StringComparer.Ordinal)
    {
        ["videoGenerator"] = "generation",
        ["datasetAugmenter"] = "augmentation",
    };

    public static string NameOf(PluginCapability capability) => NameOf(capability.Kind, capability.Task);

    public static string NameOf(string kind, string? task) => task is null ? kind.Split('/')[0] : $"{kind.Split('/')[0]}/{task}";

    /// <summary>The kind, with the version that this host knows, and the task of a name.</summary>
    /// <exception cref="InvalidInputException">There is no such kind, or a task is missing or too much.</exception>
    public static (string Kind, string? Task) Parse(string capability, string? task)
    {
        Violations violations = new();
        string[] known = [.. CapabilityKinds.All.Select(kind => NameOf(kind, null))];
        violations.OneOf("capability", capability, known);
        bool hasTasks = capability == NameOf(CapabilityKinds.Analysis, null);
        violations.Require(hasTasks == task is not null, "task", task is null ? $"is missing" : (FormattableString)$"is given",
            hasTasks ? $"a task, for instance imaging-modality" : (FormattableString)$"none, as this capability has no tasks");
        violations.ThrowIfAny();
        return (CapabilityKinds.All[Array.IndexOf(known, capability)], task);
    }

    /// <summary>The kind and task of a stored name.</summary>
    public static (string Kind, string? Task) Parse(string name)
    {
        string[] parts = name.Split('/', 2);
        return (CapabilityKinds.All.FirstOrDefault(kind => NameOf(kind, null) == parts[0], parts[0]), parts.ElementAtOrDefault(1));
    }

    /// <summary>The name of today for a stored one.</summary>
    public static string Modern(string name) =>
        Earlier.TryGetValue(name, out string? modern) ? modern
        : name.Contains('/', StringComparison.Ordinal) || Earlier.ContainsValue(name) ? name
        : NameOf(CapabilityKinds.Analysis, name);
}

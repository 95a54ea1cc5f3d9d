using System.Reflection;

namespace MedGen.PluginHost.Checks;

/// <summary>
/// Compares what a plugin's assemblies were built against with what the host has. The loader itself would say nothing: when the host's
/// version of a shared assembly is too old, it silently loads the plugin's own copy, whose types are then other types.
/// </summary>
internal static class ReferenceChecks
{
    /// <summary>Compares all references.</summary>
    /// <param name="entry">The entry assembly, or null when it was not found.</param>
    /// <param name="assemblies">All managed assemblies of the folder.</param>
    public static IEnumerable<PluginFinding> Run(ManagedAssembly? entry, IReadOnlyList<ManagedAssembly> assemblies)
    {
        var own = assemblies.Select(assembly => assembly.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (ManagedAssembly assembly in assemblies)
        {
            // A copy of a shared assembly is never loaded, so what it references does not matter.
            if (SharedAssemblies.Versions.ContainsKey(assembly.Name))
            {
                yield return PluginFinding.Warning(
                    "references", $"{assembly.FileName} is a copy of an assembly that the host shares; it is ignored. Leave it out.");
                continue;
            }

            foreach (AssemblyName reference in assembly.References)
            {
                if (Compare(assembly, reference, own, isEntry: assembly == entry) is { } finding)
                {
                    yield return finding;
                }
            }
        }
    }

    private static PluginFinding? Compare(ManagedAssembly assembly, AssemblyName reference, HashSet<string> own, bool isEntry)
    {
        string name = reference.Name!;
        if (SharedAssemblies.Versions.TryGetValue(name, out Version? host))
        {
            return reference.Version > host
                ? PluginFinding.Error(
                    "references", $"{assembly.FileName} was built against {name} {reference.Version}, this host shares the older {name} {host}.")
                : null;
        }

        if (own.Contains(name))
        {
            return null;
        }

        if (SharedAssemblies.RuntimeVersion(name) is { } runtime)
        {
            return reference.Version > runtime
                ? PluginFinding.Error(
                    "references", $"{assembly.FileName} was built against {name} {reference.Version}, the .NET runtime here has {name} {runtime}.")
                : null;
        }

        // Libraries often have references that no path of theirs uses; only the plugin's own assembly must be complete.
        string message = $"{assembly.FileName} needs {name} {reference.Version}, which is neither in the folder nor shared by the host.";
        return isEntry ? PluginFinding.Error("references", message) : PluginFinding.Warning("references", message);
    }
}

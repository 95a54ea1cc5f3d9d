using System.Reflection;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Loading;

/// <summary>Finds the one entry of a plugin assembly.</summary>
internal static class PluginEntry
{
    /// <summary>Finds the entry type.</summary>
    /// <param name="assembly">The entry assembly, in the plugin's own load context.</param>
    /// <exception cref="PluginLoadException">There is none, or more than one, or it cannot be created.</exception>
    public static Type Find(Assembly assembly)
    {
        Type[] exported = [.. assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false })];
        Type[] entries = [.. exported.Where(type => type.IsAssignableTo(typeof(IMedGenPlugin)))];
        return entries switch
        {
            [var entry] when entry.GetConstructor(Type.EmptyTypes) is not null => entry,
            [var entry] => throw Refused($"{entry.FullName} needs a public constructor without parameters."),
            [] => throw Refused(WhyNone(assembly, exported)),
            _ => throw Refused($"More than one class implements IMedGenPlugin: {string.Join(", ", entries.Select(entry => entry.FullName))}."),
        };
    }

    private static string WhyNone(Assembly assembly, Type[] exported)
    {
        string host = Describe(typeof(IMedGenPlugin).Assembly);
        var foreign = exported.SelectMany(type => type.GetInterfaces(), (type, contract) => (type, contract))
            .FirstOrDefault(pair => pair.contract.FullName == typeof(IMedGenPlugin).FullName);
        return foreign.type is null
            ? $"{assembly.GetName().Name} has no public class that implements IMedGenPlugin of {host}."
            : $"{foreign.type.FullName} implements IMedGenPlugin of {Describe(foreign.contract.Assembly)}, not of the host's {host}: "
                + "build the plugin against the host's SDK version and leave the SDK's assemblies out of its folder.";
    }

    private static string Describe(Assembly assembly) => $"{assembly.GetName().Name} {assembly.GetName().Version}";

    private static PluginLoadException Refused(string message) => new("load", message);
}

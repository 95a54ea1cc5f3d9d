using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Loading;

/// <summary>
/// The code of plugins that have none of their own: assemblies beside the host, loaded for each such plugin into a load context of the plugin's own.
/// </summary>
internal static class PluginRuntimes
{
    private const string Folder = "plugin-runtimes";

    private static readonly Dictionary<string, string> Assemblies = new(StringComparer.Ordinal) { ["onnx"] = "MedGen.Onnx.dll" };

    /// <summary>Names that a manifest may give.</summary>
    public static IReadOnlyCollection<string> Names => Assemblies.Keys;

    /// <summary>Full path of a runtime's assembly.</summary>
    /// <param name="runtime">One of <see cref="Names"/>.</param>
    public static string AssemblyOf(string runtime) => Path.Combine(AppContext.BaseDirectory, Folder, runtime, Assemblies[runtime]);

    /// <summary>Where the code of a plugin is.</summary>
    /// <param name="manifest">The checked manifest.</param>
    /// <param name="directory">Full path of the version folder.</param>
    /// <returns>Full path of the entry assembly.</returns>
    public static string EntryAssembly(PluginManifest manifest, string directory) => manifest.Runtime is { } runtime
        ? AssemblyOf(runtime)
        : Path.Combine(directory, manifest.EntryAssembly!);
}

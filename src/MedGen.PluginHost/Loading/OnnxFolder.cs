using System.Reflection;
using System.Runtime.Loader;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.PluginHost.Loading;

/// <summary>
/// A folder with onnx.json and its network as an analysis, by the same code that serves plugins without code, loaded beside ours as there.
/// </summary>
public static class OnnxFolder
{
    private static readonly Lazy<Assembly> Runtime = new(() => new RuntimeContext().LoadFromAssemblyPath(RuntimePath));

    private static string RuntimePath => PluginRuntimes.AssemblyOf("onnx");

    /// <summary>Opens a folder and runs its network once, on a black frame.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The analysis; disposed by its caller where it can be.</returns>
    /// <exception cref="InvalidInputException">There is no such folder, or onnx.json breaks a rule.</exception>
    /// <exception cref="ModelFormatException">The network cannot be read, or is not the one that is described.</exception>
    public static IVideoAnalyzer Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException("folder", $"there is no folder '{folder}'.");
        }

        IMedGenPlugin plugin = (IMedGenPlugin)Activator.CreateInstance(Runtime.Value.GetType("MedGen.Onnx.OnnxPlugin", throwOnError: true)!)!;
        ServiceCollection services = new();
        plugin.ConfigureServices(services, Context(folder));
        return services.BuildServiceProvider().GetRequiredService<IVideoAnalyzer>();
    }

    // Nobody has made a plugin of the folder: what the code asks of a manifest is said here.
    private static PluginContext Context(string folder) => new()
    {
        Directory = folder,
        Manifest = new PluginManifest
        {
            Id = "local.curation", Version = "0.0.0", Name = Path.GetFileName(folder), Publisher = "", Sdk = "",
            Capabilities = [new PluginCapability { Kind = CapabilityKinds.Analysis, Task = "curation" }],
        },
    };

    private sealed class RuntimeContext() : AssemblyLoadContext("onnx")
    {
        private readonly AssemblyDependencyResolver _resolver = new(RuntimePath);

        // What we share with it is ours: the contract.
        protected override Assembly? Load(AssemblyName assemblyName) =>
            Default.Assemblies.FirstOrDefault(one => one.GetName().Name == assemblyName.Name)
                ?? (_resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null);

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
    }
}

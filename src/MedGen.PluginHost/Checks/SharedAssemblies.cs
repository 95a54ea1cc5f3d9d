using System.Reflection;
using System.Runtime.InteropServices;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TorchSharp;

namespace MedGen.PluginHost.Checks;

/// <summary>
/// The assemblies that plugins get from the host, whatever their folders hold: those of the shared types, and every assembly that these
/// reference. A type that crosses the border must be the same type on both sides, and a second TorchSharp would abort the process.
/// </summary>
public static class SharedAssemblies
{
    private static readonly Lazy<IReadOnlyDictionary<string, Version>> Closure = new(FindClosure);

    /// <summary>
    /// Name and version of every shared assembly that is not part of the .NET runtime, ordered by name. This is what a plugin may reference
    /// without bringing it; it is published in docs/plugins.md.
    /// </summary>
    public static IReadOnlyDictionary<string, Version> Versions => Closure.Value;

    /// <summary>One type of each assembly that is shared on purpose; the rest are what these reference.</summary>
    internal static Type[] Types { get; } =
    [
        typeof(IMedGenPlugin),
        typeof(IDeviceExecutor),
        typeof(torch.Tensor),
        typeof(IServiceCollection),
        typeof(ILoggerFactory),
    ];

    /// <summary>Version of a runtime assembly such as <c>System.Runtime</c>, or null when the runtime has none of that name.</summary>
    /// <param name="name">Simple name.</param>
    internal static Version? RuntimeVersion(string name)
    {
        string path = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), name + ".dll");
        return File.Exists(path) ? AssemblyName.GetAssemblyName(path).Version : null;
    }

    private static SortedDictionary<string, Version> FindClosure()
    {
        var shared = new SortedDictionary<string, Version>(StringComparer.Ordinal);
        var waiting = new Queue<Assembly>(Types.Select(type => type.Assembly));
        while (waiting.TryDequeue(out Assembly? assembly))
        {
            AssemblyName name = assembly.GetName();
            if (RuntimeVersion(name.Name!) is not null || !shared.TryAdd(name.Name!, name.Version!))
            {
                continue;
            }

            foreach (AssemblyName reference in assembly.GetReferencedAssemblies())
            {
                waiting.Enqueue(Assembly.Load(reference));
            }
        }

        return shared;
    }
}

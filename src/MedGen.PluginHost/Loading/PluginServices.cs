using System.Text.Json;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Loading;

/// <summary>A plugin's own service container: what the host lends it, what the plugin registers, and which service serves which capability.</summary>
internal static class PluginServices
{
    /// <summary>Starts a plugin's services with what the host lends.</summary>
    /// <param name="host">The host's services.</param>
    /// <param name="lent">Types to lend; those that the host does not have are left out.</param>
    public static ServiceCollection Lend(IServiceProvider host, IEnumerable<Type> lent)
    {
        var services = new ServiceCollection();
        foreach (Type type in lent)
        {
            // Added as instances, so that the plugin's container does not dispose what belongs to the host.
            if (host.GetService(type) is { } instance)
            {
                services.AddSingleton(type, instance);
            }
        }

        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        return services;
    }

    /// <summary>Finds the service of each declared capability.</summary>
    /// <param name="capabilities">What the manifest declares.</param>
    /// <param name="provider">The plugin's container.</param>
    /// <exception cref="PluginLoadException">A declared capability is not registered, or more than once.</exception>
    public static Dictionary<PluginCapability, object> Resolve(IReadOnlyList<PluginCapability> capabilities, IServiceProvider provider)
    {
        var services = new Dictionary<PluginCapability, object>();
        foreach (PluginCapability capability in capabilities)
        {
            object[] candidates = capability.Kind switch
            {
                PluginCapabilityKind.VideoGenerator => [.. provider.GetServices<IVideoGenerator>()],
                PluginCapabilityKind.DatasetAugmenter => [.. provider.GetServices<IDatasetAugmenter>()],
                PluginCapabilityKind.VideoClassifier =>
                    [.. provider.GetServices<IVideoClassifier>().Where(classifier => classifier.Description.Task == capability.Task)],
                _ => throw new PluginLoadException("load", $"Capability {capability.Kind} is unknown to this host."),
            };
            services[capability] = candidates switch
            {
                [var service] => service,
                [] => throw new PluginLoadException(
                    "load", $"plugin.json declares {Describe(capability)}, but the plugin registers no such service."),
                _ => throw new PluginLoadException(
                    "load", $"The plugin registers {candidates.Length} services for {Describe(capability)}; one is allowed."),
            };
        }

        return services;
    }

    /// <summary>A capability as the manifest spells it.</summary>
    public static string Describe(PluginCapability capability)
    {
        string kind = JsonNamingPolicy.CamelCase.ConvertName(capability.Kind.ToString());
        return capability.Task is null ? kind : $"{kind} '{capability.Task}'";
    }
}

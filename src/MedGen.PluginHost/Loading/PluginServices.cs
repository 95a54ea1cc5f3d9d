using MedGen.Application.Analysis;
using MedGen.PluginHost.Home;
using MedGen.PluginHost.Lending;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGen.PluginHost.Loading;

/// <summary>A plugin's own service container: what the host lends it, what the plugin registers, and which service serves which capability.</summary>
internal static class PluginServices
{
    /// <summary>Starts a plugin's services with what the host lends.</summary>
    /// <param name="host">The host's services.</param>
    /// <param name="lent">Types to lend; those that the host does not have are left out.</param>
    /// <param name="home">What the plugin has of its own in this host; null: this is its own process.</param>
    public static ServiceCollection Lend(IServiceProvider host, IEnumerable<Type> lent, PluginHome? home)
    {
        var services = new ServiceCollection();
        foreach (Type type in lent)
        {
            // Added as instances, so that the plugin's container does not dispose what belongs to the host.
            if (host.GetService(type) is { } instance)
            {
                services.AddSingleton(type, home is null ? instance : Facade(host, instance, home));
            }
        }

        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        return services;
    }

    // What could be disposed, or says nothing of who uses it, is lent through an object of the plugin's own.
    private static object Facade(IServiceProvider host, object instance, PluginHome home) => instance switch
    {
        ILoggerFactory => new PluginLoggerFactory(home.Log),
        IDeviceExecutor device => new LentDeviceExecutor(
            device,
            home,
            host.GetService<PluginDeviceWork>() ?? new PluginDeviceWork(),
            host.GetService<ILoggerFactory>()?.CreateLogger<LentDeviceExecutor>() ?? NullLogger<LentDeviceExecutor>.Instance),
        IMedGenModel model => new LentModel(model),
        _ => instance,
    };

    /// <summary>Finds the service of each declared capability of a kind that this host knows.</summary>
    /// <param name="capabilities">What the manifest declares.</param>
    /// <param name="provider">The plugin's container.</param>
    /// <exception cref="PluginLoadException">A declared capability is not registered, or more than once, or describes itself wrongly.</exception>
    public static Dictionary<PluginCapability, object> Resolve(IReadOnlyList<PluginCapability> capabilities, IServiceProvider provider)
    {
        var services = new Dictionary<PluginCapability, object>();
        foreach (PluginCapability capability in capabilities.Where(capability => CapabilityKinds.All.Contains(capability.Kind)))
        {
            object[] candidates = capability.Kind switch
            {
                CapabilityKinds.Generation => [.. provider.GetServices<IVideoGenerator>()],
                CapabilityKinds.Augmentation => [.. provider.GetServices<IDatasetAugmenter>()],
                _ => [.. provider.GetServices<IVideoAnalyzer>().Where(analyzer => analyzer.Describe()?.Task == capability.Task)],
            };
            services[capability] = candidates switch
            {
                [var service] => Checked(capability, service),
                [] => throw new PluginLoadException(
                    "load", $"plugin.json declares {Describe(capability)}, but the plugin registers no such service."),
                _ => throw new PluginLoadException(
                    "load", $"The plugin registers {candidates.Length} services for {Describe(capability)}; one is allowed."),
            };
        }

        return services;
    }

    /// <summary>A capability as the manifest spells it.</summary>
    public static string Describe(PluginCapability capability) =>
        capability.Task is null ? capability.Kind : $"{capability.Kind} '{capability.Task}'";

    /// <summary>A service whose description keeps the rules.</summary>
    /// <exception cref="PluginLoadException">It does not; every field is named.</exception>
    public static object Checked(PluginCapability capability, object service)
    {
        Violations violations = new();
        switch (service)
        {
            case IVideoAnalyzer analyzer:
                AnalyzerDescription description = analyzer.Describe();
                description.Check(violations);
                ParameterRules.CheckSchema(description.ParametersSchema, violations);
                break;
            case IVideoGenerator generator:
                GeneratorDescription made = generator.Describe();
                made.Check(violations);
                ParameterRules.CheckSchema(made.OptionsSchema, violations, "options_schema");
                break;
            case IDatasetAugmenter augmenter:
                AugmenterDescription methods = augmenter.Describe();
                methods.Check(violations);
                foreach ((int i, AugmentationMethodDescription method) in (methods.Methods ?? []).Index())
                {
                    ParameterRules.CheckSchema(method.OptionsSchema, violations, $"methods[{i}].options_schema");
                }

                break;
        }

        if (violations.Found.Count > 0)
        {
            string all = string.Join(" ", violations.Found.Select(violation => $"{violation.Field}: {violation.Description}"));
            throw new PluginLoadException("load", $"The description of {Describe(capability)} is wrong. {all}");
        }

        return service;
    }
}

using MedGen.Application.Plugins;
using MedGen.PluginHost.Catalog;
using MedGen.PluginHost.Lending;
using MedGen.PluginHost.Loading;
using MedGen.PluginHost.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MedGen.PluginHost;

/// <summary>Registers the plugin host.</summary>
public static class PluginHostServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IPluginCatalog"/> and a hosted service that loads the plugins at start. Register it after what plugins borrow (the
    /// resident model) and before what borrows plugins (the job runner), so that stopping goes the other way round. Needs logging.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the folders, the state file and the limits; checked when the host starts.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMedGenPluginHost(this IServiceCollection services, Action<PluginHostOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<PluginHostOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TrustCheck>();
        services.AddSingleton<PluginDiscovery>();
        services.AddSingleton<PluginSwitches>();
        services.AddSingleton<PluginDeviceWork>();
        services.AddSingleton<IPluginDeviceWork>(provider => provider.GetRequiredService<PluginDeviceWork>());
        services.AddSingleton<PluginCallJournal>();
        services.AddSingleton<IPluginCallJournal>(provider => provider.GetRequiredService<PluginCallJournal>());
        services.AddSingleton<PluginLoading>();
        services.AddSingleton<PluginRetirement>();
        services.AddSingleton<PluginTrials>();
        services.AddSingleton<PluginActivation>();
        services.AddSingleton<PluginCatalog>();
        services.AddSingleton<IPluginCatalog>(provider => provider.GetRequiredService<PluginCatalog>());
        services.AddHostedService<PluginStartup>();
        return services;
    }
}

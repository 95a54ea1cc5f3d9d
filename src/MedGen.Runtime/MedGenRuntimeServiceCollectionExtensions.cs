using MedGen.Sdk.Models;
using MedGen.Runtime.Execution;
using MedGen.Runtime.Health;
using MedGen.Runtime.Models;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MedGen.Runtime;

/// <summary>Registers the runtime.</summary>
public static class MedGenRuntimeServiceCollectionExtensions
{
    /// <summary>
    /// Adds the device thread (<see cref="IDeviceExecutor"/>), the resident model (<see cref="IMedGenModel"/>) and the
    /// <see cref="IDeviceHealthCheck"/>. The options are checked when the host starts.
    /// </summary>
    /// <param name="services">The host's services; logging must be among them.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMedGenRuntime(this IServiceCollection services, Action<MedGenRuntimeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<MedGenRuntimeOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DeviceExecutor>();
        services.AddSingleton<IDeviceExecutor>(provider => provider.GetRequiredService<DeviceExecutor>());
        services.AddSingleton<IDeviceActivity>(provider => provider.GetRequiredService<DeviceExecutor>());
        services.AddSingleton<IDeviceHealthCheck, DeviceCanary>();
        services.AddSingleton<ResidentModel>();
        services.AddSingleton<IMedGenModel>(provider => provider.GetRequiredService<ResidentModel>());
        services.AddSingleton<IPromptMemory>(provider => provider.GetRequiredService<ResidentModel>());
        services.AddSingleton<IAdapterList>(provider => provider.GetRequiredService<ResidentModel>());
        services.AddSingleton<IModelCapacity>(provider => provider.GetRequiredService<ResidentModel>());
        services.AddHostedService<ModelLoading>();
        return services;
    }
}

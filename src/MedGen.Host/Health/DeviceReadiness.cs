using MedGen.Application.Plugins;
using MedGen.Runtime;
using MedGen.Runtime.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MedGen.Host.Health;

/// <summary>The device gives signs of life, and no piece of work holds it for ever.</summary>
internal sealed class DeviceReadiness(
    IDeviceHealthCheck device, IDeviceActivity activity, IPluginDeviceWork plugins, IOptions<MedGenRuntimeOptions> options)
    : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (activity.Busy is { } busy && busy > options.Value.DeviceStallLimit)
        {
            string whose = plugins.Running is { } plugin ? $"plugin {plugin}" : "the model";
            return HealthCheckResult.Unhealthy($"One piece of work of {whose} has held the device for {busy.TotalSeconds:0} s.");
        }

        DeviceHealth health = await device.CheckAsync(cancellationToken).ConfigureAwait(false);
        return health.IsHealthy ? HealthCheckResult.Healthy(health.Message) : HealthCheckResult.Unhealthy(health.Message);
    }
}

using MedGen.Runtime.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGen.Host.Health;

/// <summary>The host is ready while its device gives signs of life.</summary>
internal sealed class DeviceReadiness(IDeviceHealthCheck device) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        DeviceHealth health = await device.CheckAsync(cancellationToken).ConfigureAwait(false);
        return health.IsHealthy ? HealthCheckResult.Healthy(health.Message) : HealthCheckResult.Unhealthy(health.Message);
    }
}

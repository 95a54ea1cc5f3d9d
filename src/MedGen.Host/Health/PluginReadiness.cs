using MedGen.Application.Plugins;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGen.Host.Health;

/// <summary>A plugin that does not work is worth a look, but the others serve.</summary>
internal sealed class PluginReadiness(IPluginCatalog catalog) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<PluginStatus> plugins = catalog.List();
        string[] broken = [.. plugins.Where(plugin => plugin.State is PluginState.Rejected or PluginState.Malfunctioned).Select(plugin => plugin.Id)];
        return Task.FromResult(broken.Length > 0
            ? HealthCheckResult.Degraded($"Plugins that do not work: {string.Join(", ", broken)}.")
            : HealthCheckResult.Healthy($"{plugins.Count(plugin => plugin.State == PluginState.Active)} plugins are active."));
    }
}

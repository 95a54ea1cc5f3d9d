using Microsoft.Extensions.Hosting;

namespace MedGen.PluginHost.Catalog;

/// <summary>Loads the plugins when the host starts and unloads them when it stops.</summary>
internal sealed class PluginStartup(PluginCatalog catalog) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => catalog.StartAsync(cancellationToken);

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => catalog.StopAsync().WaitAsync(cancellationToken);
}

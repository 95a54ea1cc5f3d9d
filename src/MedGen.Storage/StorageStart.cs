using MedGen.Storage.Artifacts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Storage;

/// <summary>Opens the storage when the host starts, so that a folder that cannot be used ends the start and not the first request.</summary>
internal sealed class StorageStart(ArtifactStore artifacts, ILogger<StorageStart> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.StorageOpened(logger, artifacts.Sweep());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

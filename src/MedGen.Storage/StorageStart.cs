using MedGen.Storage.Artifacts;
using MedGen.Storage.Checkpoints;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGen.Storage;

/// <summary>
/// Opens the storage before anything else of the host starts, whatever the order of registration: a folder that cannot be used ends the start and
/// not the first request, and the sweep meets no file that a running job or an upload is just about to record.
/// </summary>
internal sealed class StorageStart(ArtifactStore artifacts, CheckpointStore checkpoints, ILogger<StorageStart> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Log.StorageOpened(logger, artifacts.Sweep() + checkpoints.Sweep());
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

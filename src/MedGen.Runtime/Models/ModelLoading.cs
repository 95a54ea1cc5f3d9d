using Microsoft.Extensions.Hosting;

namespace MedGen.Runtime.Models;

/// <summary>Loads the model before the host takes requests, so that a folder that cannot be used is told at the start.</summary>
internal sealed class ModelLoading(ResidentModel model) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => model.LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

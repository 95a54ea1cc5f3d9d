using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Application.Tests;

/// <summary>The stores of a data folder without a host over them.</summary>
internal sealed class Stores(string folder) : IAsyncDisposable
{
    private readonly ServiceProvider _services =
        new ServiceCollection().AddLogging().AddMedGenStorage(options => options.DataFolder = folder).BuildServiceProvider();

    public IJobStore Jobs => _services.GetRequiredService<IJobStore>();

    public IArtifactStore Artifacts => _services.GetRequiredService<IArtifactStore>();

    public ICheckpointStore Checkpoints => _services.GetRequiredService<ICheckpointStore>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Plugins;
using MedGen.Application.Plugins;

namespace MedGen.Application.Tests;

/// <summary>One plugin, "fake", whose services the test writes.</summary>
internal sealed class FakeCatalog : IPluginCatalog
{
    private int _leases;

    public IVideoGenerator? Generator { get; set; } = new FakeGenerator();

    public IVideoClassifier? Classifier { get; set; } = new FakeClassifier();

    public IDatasetAugmenter? Augmenter { get; set; } = new FakeAugmenter();

    public int Leases => _leases;

    public Task<PluginLease<T>> AcquireAsync<T>(PluginCapabilityKind kind, string? task, string? pluginId, CancellationToken cancellationToken)
        where T : class
    {
        if (pluginId is not null and not "fake")
        {
            throw new ResourceNotFoundException("plugin", pluginId);
        }

        object? service = kind switch
        {
            PluginCapabilityKind.VideoGenerator => Generator,
            PluginCapabilityKind.DatasetAugmenter => Augmenter,
            _ => Classifier,
        };
        if (service is not T found || (task is not null && task != "brightness"))
        {
            throw new FailedPreconditionException("NO_PLUGIN", "No active plugin can do this work.");
        }

        Interlocked.Increment(ref _leases);
        return Task.FromResult(new PluginLease<T>(found, "fake", "1.2.3", () => Interlocked.Decrement(ref _leases)));
    }

    public IReadOnlyList<PluginStatus> List() => [GetStatus("fake")];

    public PluginStatus GetStatus(string pluginId) => pluginId == "fake"
        ? new PluginStatus { Id = "fake", Version = "1.2.3", State = PluginState.Active, Name = "Fake", Since = default }
        : throw new ResourceNotFoundException("plugin", pluginId);

    public Task<PluginStatus> ReloadAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(GetStatus(pluginId));

    public Task<PluginStatus> EnableAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(GetStatus(pluginId));

    public Task UseAsync(string task, string? pluginId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<PluginStatus> DisableAsync(string pluginId, CancellationToken cancellationToken) =>
        Task.FromResult(GetStatus(pluginId) with { State = PluginState.Disabled });
}

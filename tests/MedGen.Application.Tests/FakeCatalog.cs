using System.Collections.Concurrent;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Analysis;
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

    public IVideoAnalyzer? Analyzer { get; set; } = new FakeAnalyzer();

    public IDatasetAugmenter? Augmenter { get; set; } = new FakeAugmenter();

    /// <summary>What the host sees to around each call; null: nothing.</summary>
    public IPluginCallRules? Rules { get; set; }

    /// <summary>What it says that it can do; it does everything all the same.</summary>
    public IReadOnlyList<PluginCapability> Capabilities { get; set; } = [];

    /// <summary>What it says that the plugin's state is; it works all the same.</summary>
    public PluginState State { get; set; } = PluginState.Active;

    public int Leases => _leases;

    public ConcurrentBag<Task> Abandoned { get; } = [];

    /// <summary>How the analyses of leases ended that are back; leases without one are left out.</summary>
    public ConcurrentBag<bool> Reported { get; } = [];

    public Task<PluginLease<T>> AcquireAsync<T>(string kind, string? task, string? pluginId, CancellationToken cancellationToken)
        where T : class
    {
        if (pluginId is not null and not "fake")
        {
            throw new ResourceNotFoundException("plugin", pluginId);
        }

        object? service = kind switch
        {
            CapabilityKinds.Generation => Generator,
            CapabilityKinds.Augmentation => Augmenter,
            _ => Analyzer,
        };
        if (service is not T found || (task is not null && task != "brightness"))
        {
            throw new FailedPreconditionException("NO_PLUGIN", "No active plugin can do this work.");
        }

        Interlocked.Increment(ref _leases);
        return Task.FromResult(new PluginLease<T>(found, "fake", "1.2.3", ended => Released(ended, typeof(T)), Abandoned.Add, Rules));
    }

    private void Released(bool? wentWell, Type service)
    {
        Interlocked.Decrement(ref _leases);
        if (wentWell is { } known && service == typeof(IVideoAnalyzer))
        {
            Reported.Add(known);
        }
    }

    public IReadOnlyList<PluginStatus> List() => [GetStatus("fake")];

    public PluginStatus GetStatus(string pluginId) => pluginId == "fake"
        ? new PluginStatus { Id = "fake", Version = "1.2.3", State = State, Name = "Fake", Since = default, Capabilities = Capabilities }
        : throw new ResourceNotFoundException("plugin", pluginId);

    public Task<PluginStatus> ReloadAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(GetStatus(pluginId));

    public Task<PluginStatus> EnableAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(GetStatus(pluginId));

    public Task<long> EraseDataAsync(string pluginId, CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task UseAsync(string capability, string? task, string? pluginId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<PluginStatus> DisableAsync(string pluginId, CancellationToken cancellationToken) =>
        Task.FromResult(GetStatus(pluginId) with { State = PluginState.Disabled });
}

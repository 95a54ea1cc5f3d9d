using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MedGen.Sdk.Augmentation;

namespace MedGen.Application.Augmentation;

/// <summary>A plugin's augmenter at work for a tenant, each clip of which is a call that ends when it is told to.</summary>
internal sealed class GuardedAugmenter(PluginCalls calls, PluginLease<IDatasetAugmenter> lease, AdapterNames adapters, string tenant)
    : IDatasetAugmenter
{
    private readonly IDatasetAugmenter _augmenter = lease.Service;

    public IReadOnlyList<AugmentationMethodDescription> Methods => _augmenter.Methods;

    public void Check(AugmentationMethod method) => _augmenter.Check(method);

    public AdapterNeed? AdapterOf(AugmentationMethod method) => _augmenter.AdapterOf(method) switch
    {
        NamedAdapter named => named with { Name = adapters.For(named.Name, tenant) },
        var other => other,
    };

    public IReadOnlyList<string> CaptionsOf(AugmentationMethod method, string label, SourceClip clip) => _augmenter.CaptionsOf(method, label, clip);

    public IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, CancellationToken cancellationToken) =>
        calls.StreamAsync(lease, (augmenter, token) => augmenter.AugmentAsync(request, token), cancellationToken);
}

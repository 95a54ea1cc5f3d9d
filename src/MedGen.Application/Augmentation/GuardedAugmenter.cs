using MedGen.Application.Plugins;
using MedGen.Sdk.Augmentation;

namespace MedGen.Application.Augmentation;

/// <summary>A plugin's augmenter, each clip of which is a call that ends when it is told to.</summary>
internal sealed class GuardedAugmenter(PluginCalls calls, PluginLease<IDatasetAugmenter> lease) : IDatasetAugmenter
{
    private readonly IDatasetAugmenter _augmenter = lease.Service;

    public IReadOnlyList<AugmentationMethodDescription> Methods => _augmenter.Methods;

    public void Check(AugmentationMethod method) => _augmenter.Check(method);

    public AdapterNeed? AdapterOf(AugmentationMethod method) => _augmenter.AdapterOf(method);

    public IReadOnlyList<string> CaptionsOf(AugmentationMethod method, string label, SourceClip clip) => _augmenter.CaptionsOf(method, label, clip);

    public IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, CancellationToken cancellationToken) =>
        calls.StreamAsync(lease, (augmenter, token) => augmenter.AugmentAsync(request, token), cancellationToken);
}

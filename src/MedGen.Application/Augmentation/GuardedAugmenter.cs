using MedGen.Application.Plugins;
using MedGen.Sdk.Augmentation;

namespace MedGen.Application.Augmentation;

/// <summary>A plugin's augmenter; each question and each clip is a call that ends when it is told to.</summary>
/// <param name="calls">Makes the calls.</param>
/// <param name="lease">The augmenter.</param>
/// <param name="adapterName">Says what the model calls an adapter that a method names.</param>
internal sealed class GuardedAugmenter(PluginCalls calls, PluginLease<IDatasetAugmenter> lease, Func<string, string> adapterName)
    : IDatasetAugmenter
{
    private readonly AugmenterDescription _description = lease.Service.Describe();

    public AugmenterDescription Describe() => _description;

    public Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken) =>
        calls.AskAsync(lease, (augmenter, token) => augmenter.ValidateAsync(method, token), cancellationToken);

    public async Task<AdapterNeed?> GetAdapterAsync(AugmentationMethod method, CancellationToken cancellationToken)
    {
        AdapterNeed? need = await calls.AskAsync(lease, (augmenter, token) => augmenter.GetAdapterAsync(method, token), cancellationToken)
            .ConfigureAwait(false);
        return need is NamedAdapter named ? named with { Name = adapterName(named.Name) } : need;
    }

    public Task<IReadOnlyList<string>> GetCaptionsAsync(CaptionRequest request, CancellationToken cancellationToken) =>
        calls.AskAsync(lease, (augmenter, token) => augmenter.GetCaptionsAsync(request, token), cancellationToken);

    public IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, CancellationToken cancellationToken) =>
        calls.StreamAsync(lease, (augmenter, token) => augmenter.AugmentAsync(request, token), cancellationToken);
}

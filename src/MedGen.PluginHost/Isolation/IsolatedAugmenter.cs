using MedGen.Sdk.Augmentation;

namespace MedGen.PluginHost.Isolation;

/// <summary>An augmenter in a process of its own, as the host calls it.</summary>
/// <param name="code">The plugin.</param>
/// <param name="description">What it said of itself when it was loaded.</param>
internal sealed class IsolatedAugmenter(IsolatedCode code, AugmenterDescription description) : IDatasetAugmenter
{
    public AugmenterDescription Describe() => description;

    public Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken) =>
        code.AskAsync(new ValidateMethod(method), [], cancellationToken);

    public async Task<AdapterNeed?> GetAdapterAsync(AugmentationMethod method, CancellationToken cancellationToken)
    {
        CallEnded told = await code.AskAsync(new AskAdapter(method), [], cancellationToken).ConfigureAwait(false);
        return (AdapterNeed?)told.Adapter?.Named ?? told.Adapter?.Trained;
    }

    public async Task<IReadOnlyList<string>> GetCaptionsAsync(CaptionRequest request, CancellationToken cancellationToken)
    {
        AskCaptions question = new(request.Method, request.Label, SourceOnWire.Of(request.Clip)!);
        CallEnded told = await code.AskAsync(question, [request.Clip.Clip], cancellationToken).ConfigureAwait(false);
        return told.Captions ?? throw new InvalidDataException("The process of the plugin did not answer a question about captions.");
    }

    public IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, CancellationToken cancellationToken)
    {
        FrameLimit limit = new(request.Shape.Width, request.Shape.Height, request.Shape.NumFrames);
        return code.StreamAsync(
            model => new Augment(
                request.Method, request.Label, SourceOnWire.Of(request.Source)!, SourceOnWire.Of(request.Partner), request.Adapter, request.Seed,
                request.Shape, model),
            payload: default, [.. new[] { request.Source, request.Partner }.OfType<SourceClip>().Select(clip => clip.Clip)], Read, cancellationToken);

        AugmentationUpdate Read(Update update, byte[] payload)
        {
            AugmentationUpdate read = update.ToAugmentation(payload);
            limit.Check((read as AugmentedFrames)?.Frames[0], counts: true);
            return read;
        }
    }
}

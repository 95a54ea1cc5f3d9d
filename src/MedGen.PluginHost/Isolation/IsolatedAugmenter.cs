using MedGen.Sdk.Augmentation;

namespace MedGen.PluginHost.Isolation;

/// <summary>An augmenter in a process of its own, as the host calls it.</summary>
/// <param name="code">The plugin.</param>
/// <param name="methods">What it said of itself when it was loaded.</param>
internal sealed class IsolatedAugmenter(IsolatedCode code, IReadOnlyList<AugmentationMethodDescription> methods) : IDatasetAugmenter
{
    public IReadOnlyList<AugmentationMethodDescription> Methods => methods;

    public void Check(AugmentationMethod method) => Ask(new AskMethod(MethodQuestion.Check, method, "", Clip: null), clip: null);

    public AdapterNeed? AdapterOf(AugmentationMethod method) =>
        Ask(new AskMethod(MethodQuestion.Adapter, method, "", Clip: null), clip: null) is var told ? (AdapterNeed?)told.Named ?? told.Trained : null;

    public IReadOnlyList<string> CaptionsOf(AugmentationMethod method, string label, SourceClip clip) =>
        Ask(new AskMethod(MethodQuestion.Captions, method, label, SourceOnWire.Of(clip)), clip).Captions ?? [];

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

    // The contract has these questions answered at once. They are asked on the pool, so that what answers them never waits for this thread.
    private MethodTold Ask(AskMethod question, SourceClip? clip) =>
        Task.Run(() => code.AskInTimeAsync(question, clip is null ? [] : [clip.Clip])).GetAwaiter().GetResult().Method
            ?? throw new InvalidDataException("The process of the plugin did not answer a question about a method.");
}

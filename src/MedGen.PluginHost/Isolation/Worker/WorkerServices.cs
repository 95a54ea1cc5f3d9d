using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Isolation.Worker;

/// <summary>The plugin's services in this worker, and the calls of them.</summary>
/// <param name="services">The service of each capability.</param>
/// <param name="model">The host's model; null: it has none.</param>
internal sealed class WorkerServices(IReadOnlyDictionary<PluginCapability, object> services, WorkerModel? model)
{
    private IEnumerable<IVideoAnalyzer> Analyzers => services.Values.OfType<IVideoAnalyzer>();

    private IVideoGenerator Generator => services.Values.OfType<IVideoGenerator>().Single();

    private IDatasetAugmenter Augmenter => services.Values.OfType<IDatasetAugmenter>().Single();

    /// <summary>What the plugin says of itself.</summary>
    public PluginTold Describe(PluginSettings settings) => new([.. Analyzers.Select(analyzer => analyzer.Describe())], settings)
    {
        Generator = services.Values.OfType<IVideoGenerator>().FirstOrDefault()?.Describe(),
        Augmenter = services.Values.OfType<IDatasetAugmenter>().FirstOrDefault()?.Describe(),
    };

    /// <summary>Serves a call.</summary>
    /// <param name="message">The call.</param>
    /// <param name="payload">What lies behind it.</param>
    /// <param name="call">Its frames, its cancellation, and where its updates go.</param>
    public async Task<CallEnded> ServeAsync(WorkerMessage message, byte[] payload, WorkerSideCall call)
    {
        switch (message)
        {
            case ValidateAnalysis asked:
                await AnalyzerOf(asked.Task).ValidateAsync(new AnalysisRequest { Parameters = asked.Parameters }, call.Token).ConfigureAwait(false);
                break;
            case Analyze asked:
                model?.Loaded = asked.Model;
                InputClip[] inputs =
                    [.. asked.Inputs.Select((input, i) => new InputClip { Role = input.Role, Clip = new WorkerClip(call, i, input) })];
                await call.SayAllAsync(AnalyzerOf(asked.Task).AnalyzeAsync(
                    new AnalysisRequest { Inputs = inputs, Parameters = asked.Parameters }, call.Token)).ConfigureAwait(false);
                break;
            case ValidateGeneration asked:
                await Generator.ValidateAsync(asked.Request, call.Token).ConfigureAwait(false);
                break;
            case Generate asked:
                model?.Loaded = asked.Model;
                await GenerateAsync(asked, payload, call).ConfigureAwait(false);
                break;
            case ValidateMethod asked:
                await Augmenter.ValidateAsync(asked.Method, call.Token).ConfigureAwait(false);
                break;
            case AskAdapter asked:
                AdapterNeed? need = await Augmenter.GetAdapterAsync(asked.Method, call.Token).ConfigureAwait(false);
                return new CallEnded(Error: null, Adapter: new AdapterTold(need as NamedAdapter, need as TrainedAdapter));
            case AskCaptions asked:
                SourceClip clip = asked.Clip.ToClip(new WorkerClip(call, 0, asked.Clip.Input));
                CaptionRequest request = new() { Method = asked.Method, Label = asked.Label, Clip = clip };
                return new CallEnded(Error: null, Captions: await Augmenter.GetCaptionsAsync(request, call.Token).ConfigureAwait(false));
            case Augment asked:
                model?.Loaded = asked.Model;
                await call.SayAllAsync(Augmenter.AugmentAsync(RequestOf(asked, call), call.Token)).ConfigureAwait(false);
                break;
        }

        return new CallEnded(Error: null);
    }

    private IVideoAnalyzer AnalyzerOf(string task) => Analyzers.Single(analyzer => analyzer.Describe().Task == task);

    private async Task GenerateAsync(Generate asked, byte[] checkpoint, WorkerSideCall call)
    {
        List<VideoFrame> source = asked.Source is null ? [] : await ReadAsync(call, 0, asked.Source).ConfigureAwait(false);
        List<VideoFrame> first = asked.First is null ? [] : await ReadAsync(call, asked.Source is null ? 0 : 1, asked.First).ConfigureAwait(false);
        VideoGenerationRequest request = asked.Asked.ToRequest(checkpoint) with
        {
            SourceFrames = asked.Source is null ? null : source, FirstFrame = first.FirstOrDefault(),
        };
        await call.SayAllAsync(Generator.GenerateAsync(request, call.Token)).ConfigureAwait(false);
    }

    private static async Task<List<VideoFrame>> ReadAsync(WorkerSideCall call, int number, Analyze.Input input) =>
        await new WorkerClip(call, number, input).ReadFramesAsync(FrameSampling.All, call.Token).ToListAsync(call.Token).ConfigureAwait(false);

    private static AugmentationRequest RequestOf(Augment asked, WorkerSideCall call) => new()
    {
        Method = asked.Method,
        Label = asked.Label,
        Source = asked.Source.ToClip(new WorkerClip(call, 0, asked.Source.Input)),
        Partner = asked.Partner?.ToClip(new WorkerClip(call, 1, asked.Partner.Input)),
        Adapter = asked.Adapter,
        Seed = asked.Seed,
        Shape = asked.Shape,
    };
}

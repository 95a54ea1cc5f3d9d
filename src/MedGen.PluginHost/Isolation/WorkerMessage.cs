using System.Text.Json.Serialization;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Isolation;

/// <summary>
/// What host and worker say to each other. A call has a number of the host's; what belongs to it bears it. Frames and features follow their message
/// as bytes (<see cref="WorkerChannel"/>).
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(LoadPlugin), "load")]
[JsonDerivedType(typeof(TestPlugin), "test")]
[JsonDerivedType(typeof(ValidateAnalysis), "validate")]
[JsonDerivedType(typeof(Analyze), "analyze")]
[JsonDerivedType(typeof(ValidateGeneration), "validateGeneration")]
[JsonDerivedType(typeof(Generate), "generate")]
[JsonDerivedType(typeof(ValidateMethod), "validateMethod")]
[JsonDerivedType(typeof(AskAdapter), "askAdapter")]
[JsonDerivedType(typeof(AskCaptions), "askCaptions")]
[JsonDerivedType(typeof(Augment), "augment")]
[JsonDerivedType(typeof(ModelGenerate), "modelGenerate")]
[JsonDerivedType(typeof(ModelValidate), "modelValidate")]
[JsonDerivedType(typeof(StopModel), "stopModel")]
[JsonDerivedType(typeof(ModelSaid), "modelSaid")]
[JsonDerivedType(typeof(DescribeAdapter), "adapter")]
[JsonDerivedType(typeof(AdapterDescribed), "adapterDescribed")]
[JsonDerivedType(typeof(CancelCall), "cancel")]
[JsonDerivedType(typeof(Frame), "frame")]
[JsonDerivedType(typeof(FramesEnd), "framesEnd")]
[JsonDerivedType(typeof(Features), "features")]
[JsonDerivedType(typeof(CallEnded), "ended")]
[JsonDerivedType(typeof(Update), "update")]
[JsonDerivedType(typeof(ReadFrames), "read")]
[JsonDerivedType(typeof(NextFrame), "next")]
[JsonDerivedType(typeof(CloseFrames), "close")]
[JsonDerivedType(typeof(ExtractFeatures), "extract")]
[JsonDerivedType(typeof(NextUpdates), "nextUpdates")]
[JsonDerivedType(typeof(LogLine), "log")]
internal abstract record WorkerMessage
{
    /// <summary>The call that it belongs to; 0: none.</summary>
    public int Call { get; init; }
}

/// <summary>Host: load this plugin, and lend it a model if there is one here. Ends with what it says of itself.</summary>
internal sealed record LoadPlugin(PluginManifest Manifest, string Directory, bool HasModel, ModelDescription? Model) : WorkerMessage
{
    /// <summary>What the operator has set, a JSON object.</summary>
    public required string Settings { get; init; }

    /// <summary>The secrets that the operator has given.</summary>
    public required IReadOnlyDictionary<string, string> Secrets { get; init; }

    /// <summary>The folder that it may write to; null: it asks for none.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Version of the host.</summary>
    public required string HostVersion { get; init; }

    /// <summary>The lowest level of its log that anybody wants to see.</summary>
    public LogLevel LeastLevel { get; init; }
}

/// <summary>Host: run the self-tests.</summary>
internal sealed record TestPlugin : WorkerMessage;

/// <summary>Host: is this request right?</summary>
internal sealed record ValidateAnalysis(string Task, string Parameters) : WorkerMessage;

/// <summary>Host: analyse these clips, beside this model, which may have been loaded since.</summary>
internal sealed record Analyze(string Task, string Parameters, IReadOnlyList<Analyze.Input> Inputs, ModelDescription? Model) : WorkerMessage
{
    /// <summary>A clip; its frames are asked for by its place in the list.</summary>
    internal sealed record Input(string Role, VideoInfo Info, bool IsLive)
    {
        public static Input Of(string role, IVideoClip clip) => new(role, clip.Info, clip.IsLive);
    }
}

/// <summary>Host: end this call.</summary>
internal sealed record CancelCall : WorkerMessage;

/// <summary>Host: a frame of a stream, its pixels behind it.</summary>
internal sealed record Frame(int Stream, int Width, int Height, FrameFormat Format, long Index, TimeSpan Timestamp) : WorkerMessage;

/// <summary>Host: a stream has no more frames, or broke.</summary>
internal sealed record FramesEnd(int Stream, WorkerError? Error) : WorkerMessage;

/// <summary>Host: what a layer of the model makes of a clip, float32 values behind it; or why not.</summary>
internal sealed record Features(int Request, string Layer, IReadOnlyList<int> Shape, WorkerError? Error) : WorkerMessage;

/// <summary>Worker: a call is over.</summary>
internal sealed record CallEnded(
    WorkerError? Error, PluginTold? Told = null, AdapterTold? Adapter = null, IReadOnlyList<string>? Captions = null) : WorkerMessage;

/// <summary>What a plugin says of itself once it is loaded.</summary>
internal sealed record PluginTold(IReadOnlyList<AnalyzerDescription> Analyzers, PluginSettings Settings)
{
    public GeneratorDescription? Generator { get; init; }

    public AugmenterDescription? Augmenter { get; init; }
}

/// <summary>Host: there is room for so many further updates.</summary>
internal sealed record NextUpdates(int Count) : WorkerMessage;

/// <summary>Worker: open a stream of frames of a clip.</summary>
internal sealed record ReadFrames(int Stream, int Clip, FrameSampling Sampling) : WorkerMessage;

/// <summary>Worker: there is room for so many further frames of a stream.</summary>
internal sealed record NextFrame(int Stream, int Count) : WorkerMessage;

/// <summary>Worker: no more frames of this stream are wanted.</summary>
internal sealed record CloseFrames(int Stream) : WorkerMessage;

/// <summary>Worker: features of a clip, please; its frames of one size lie behind each other.</summary>
internal sealed record ExtractFeatures(int Request, string Layer, double Timestep, int Width, int Height, int Count) : WorkerMessage;

/// <summary>Worker: a line for the log.</summary>
internal sealed record LogLine(LogLevel Level, string Category, string Text) : WorkerMessage;

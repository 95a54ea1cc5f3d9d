using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Serving;

namespace MedGen.PluginHost.Isolation;

/// <summary>Host: could this request be served?</summary>
internal sealed record ValidateGeneration(VideoGenerationRequest Request) : WorkerMessage;

/// <summary>
/// A generation on its way: what its JSON leaves out is beside it. The pictures lie behind the message, or are clips of the call.
/// </summary>
/// <param name="Request">The request, without pictures and terms.</param>
/// <param name="Service">The terms, without the checkpoint.</param>
/// <param name="CheckpointStep">Steps that the checkpoint has done, whose bytes lie behind the message; null: there is none.</param>
internal sealed record GenerationAsked(VideoGenerationRequest Request, ServiceTerms Service, int? CheckpointStep)
{
    public static GenerationAsked Of(VideoGenerationRequest request) =>
        new(request, request.Service with { Checkpoint = null }, request.Service.Checkpoint?.Step);

    /// <summary>The request as it was.</summary>
    /// <param name="checkpoint">Bytes of the checkpoint.</param>
    public VideoGenerationRequest ToRequest(ReadOnlyMemory<byte> checkpoint) => Request with
    {
        Service = Service with
        {
            Checkpoint = CheckpointStep is { } step ? new GenerationCheckpoint { Step = step, Content = checkpoint } : null,
        },
    };
}

/// <summary>Host: generate this; its source and its first frame are clips of the call, and the checkpoint lies behind the message.</summary>
internal sealed record Generate(GenerationAsked Asked, Analyze.Input? Source, Analyze.Input? First, ModelDescription? Model) : WorkerMessage;

/// <summary>Host: are the options of this method right?</summary>
internal sealed record ValidateMethod(AugmentationMethod Method) : WorkerMessage;

/// <summary>Host: which adapter does this method work with?</summary>
internal sealed record AskAdapter(AugmentationMethod Method) : WorkerMessage;

/// <summary>The answer; neither: none.</summary>
internal sealed record AdapterTold(NamedAdapter? Named, TrainedAdapter? Trained);

/// <summary>Host: under which words is this clip to be shown?</summary>
internal sealed record AskCaptions(AugmentationMethod Method, string Label, SourceOnWire Clip) : WorkerMessage;

/// <summary>A training clip, whose frames are asked for by its place among the clips of the call.</summary>
internal sealed record SourceOnWire(string Id, string Label, string? Caption, IReadOnlyDictionary<string, string> Metadata, Analyze.Input Input)
{
    public static SourceOnWire? Of(SourceClip? clip) =>
        clip is null ? null : new SourceOnWire(clip.Id, clip.Label, clip.Caption, clip.Metadata, Analyze.Input.Of("clip", clip.Clip));

    public SourceClip ToClip(IVideoClip clip) => new() { Id = Id, Label = Label, Caption = Caption, Metadata = Metadata, Clip = clip };
}

/// <summary>Host: make this clip.</summary>
internal sealed record Augment(
    AugmentationMethod Method, string Label, SourceOnWire Source, SourceOnWire? Partner, string? Adapter, long Seed, ClipShape Shape,
    ModelDescription? Model) : WorkerMessage;

/// <summary>A picture; its pixels lie behind the message.</summary>
internal sealed record FrameHead(int Width, int Height, long Index, TimeSpan Timestamp)
{
    /// <exception cref="InvalidInputException">It is in another format than RGB24.</exception>
    public static FrameHead Of(VideoFrame frame) => frame.Format == FrameFormat.Rgb24
        ? new(frame.Width, frame.Height, frame.Index, frame.Timestamp)
        : throw new InvalidInputException("frames", $"got a frame in {frame.Format}; allowed: {FrameFormat.Rgb24}.");
}

/// <summary>Worker: can the model make this? Answered by <see cref="ModelSaid"/> without an update.</summary>
internal sealed record ModelValidate(int Request, GenerationAsked Asked) : WorkerMessage;

/// <summary>
/// Worker: the model shall generate this; the first frame and the frames of the source lie behind the message, then the checkpoint.
/// </summary>
internal sealed record ModelGenerate(int Request, GenerationAsked Asked, FrameHead? First, int SourceFrames) : WorkerMessage;

/// <summary>Worker: nobody wants to know any more what the model makes of a request.</summary>
internal sealed record StopModel(int Request) : WorkerMessage;

/// <summary>Host: what the model says; without an update the generation is over.</summary>
internal sealed record ModelSaid(int Request, Update? Update, WorkerError? Error) : WorkerMessage;

/// <summary>Worker: what is this adapter?</summary>
internal sealed record DescribeAdapter(int Request, string Name) : WorkerMessage;

/// <summary>Host: that is what it is; or why it cannot be said.</summary>
internal sealed record AdapterDescribed(int Request, AdapterDescription? Adapter, WorkerError? Error) : WorkerMessage;

using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Application.Generation;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class GenerationMapping
{
    // What the request leaves out is the message's own default, or the model's, which the message leaves out, too.
    private static readonly GenerateVideo Defaults = new() { Prompt = "" };

    public static GenerateVideo ToMessage(this Proto.GenerateVideoRequest request) => new()
    {
        Prompt = request.Prompt,
        NegativePrompt = request.NegativePrompt,
        Width = request.Width == 0 ? null : request.Width,
        Height = request.Height == 0 ? null : request.Height,
        NumFrames = request.NumFrames == 0 ? null : request.NumFrames,
        FramesPerSecond = request.FramesPerSecond == 0 ? null : request.FramesPerSecond,
        NumInferenceSteps = request.NumInferenceSteps == 0 ? null : request.NumInferenceSteps,
        GuidanceScale = request.GuidanceScale,
        Seed = request.Seed,
        SourceArtifactId = request.SourceArtifactId.NullIfEmpty(),
        Strength = request.Strength == 0 ? Defaults.Strength : request.Strength,
        FirstFrameArtifactId = request.FirstFrameArtifactId.NullIfEmpty(),
        FirstFrameFit = request.FirstFrameFit.ToMessage(),
        PreviewInterval = request.PreviewInterval,
        Model = request.Model.NullIfEmpty(),
        PluginId = request.PluginId.NullIfEmpty(),
        Deterministic = request.Deterministic,
        Scheduler = request.Wan?.Scheduler.ToMessage(),
        Options = request.GeneratorOptions.ToJson() ?? Defaults.Options,
        Wan = request.Wan?.ToMessage() ?? Defaults.Wan,
        Priority = (request.Options?.Priority ?? Proto.JobPriority.Unspecified).ToMessage(),
        Timeout = request.Options?.Timeout.ToTimeSpan("options.timeout"),
        IdempotencyKey = request.Options?.IdempotencyKey.NullIfEmpty(),
    };

    public static Proto.GenerationAcceleration ToProto(this GenerationAcceleration acceleration) => new()
    {
        TeaCacheThreshold = acceleration.TeaCacheThreshold,
        EasyCacheThreshold = acceleration.EasyCacheThreshold,
        GuidedShare = acceleration.GuidedShare,
        ZeroStarGuidance = acceleration.ZeroStarGuidance,
    };

    /// <summary>Proto has no absent texts.</summary>
    public static string? NullIfEmpty(this string text) => text.Length == 0 ? null : text;

    private static WanOptions ToMessage(this Proto.WanOptions options) => new()
    {
        Shift = options.Shift == 0 ? null : options.Shift,
        Acceleration = options.Acceleration?.ToMessage(),
        Adapter = options.Adapter.NullIfEmpty(),
        AdapterScale = options.AdapterScale ?? Defaults.Wan.AdapterScale,
        LowNoiseGuidanceScale = options.LowNoiseGuidanceScale,
        Adapters = [.. options.Adapters.Select((use, index) => use.ToMessage(index))],
    };

    private static AdapterUse ToMessage(this Proto.AdapterUse use, int index) => new()
    {
        Name = use.Name,
        Strength = use.Strength ?? 1,
        LowNoiseStrength = use.LowNoiseStrength,
        Expert = use.Expert switch
        {
            Proto.AdapterExpert.Unspecified => null,
            Proto.AdapterExpert.HighNoise => AdapterExpert.HighNoise,
            Proto.AdapterExpert.LowNoise => AdapterExpert.LowNoise,
            Proto.AdapterExpert.Both => AdapterExpert.Both,
            _ => throw new InvalidInputException(
                $"wan.adapters[{index}].expert", $"Got {(int)use.Expert}, which is no expert; allowed: 1 to 3, or 0 for what the file says."),
        },
    };

    private static GenerationAcceleration ToMessage(this Proto.GenerationAcceleration acceleration) => new()
    {
        TeaCacheThreshold = acceleration.TeaCacheThreshold,
        EasyCacheThreshold = acceleration.EasyCacheThreshold,
        GuidedShare = acceleration.GuidedShare ?? 1,
        ZeroStarGuidance = acceleration.ZeroStarGuidance,
    };

    private static FirstFrameFit? ToMessage(this Proto.FirstFrameFit fit) => fit switch
    {
        Proto.FirstFrameFit.Unspecified => null,
        Proto.FirstFrameFit.Crop => FirstFrameFit.Crop,
        Proto.FirstFrameFit.Pad => FirstFrameFit.Pad,
        _ => throw new InvalidInputException("first_frame_fit", $"Got {(int)fit}, which is no fit; allowed: 1 and 2, or 0 for the default."),
    };

    private static GenerationScheduler? ToMessage(this Proto.GenerationScheduler scheduler) => scheduler switch
    {
        Proto.GenerationScheduler.Unspecified => null,
        Proto.GenerationScheduler.Unipc => GenerationScheduler.UniPC,
        Proto.GenerationScheduler.DpmPlusPlus => GenerationScheduler.DpmPlusPlus,
        Proto.GenerationScheduler.Euler => GenerationScheduler.Euler,
        Proto.GenerationScheduler.DiffusersUnipc => GenerationScheduler.DiffusersUniPC,
        Proto.GenerationScheduler.Dmd => GenerationScheduler.Dmd,
        Proto.GenerationScheduler.LightX2V => GenerationScheduler.LightX2V,
        _ => throw new InvalidInputException("wan.scheduler", $"Got {(int)scheduler}, which is no scheduler; allowed: 1 to 6, or 0 for the default."),
    };
}

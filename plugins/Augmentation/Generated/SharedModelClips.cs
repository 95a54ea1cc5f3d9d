using System.Globalization;
using System.Runtime.CompilerServices;
using MedGen.Abstractions.Augmentation;
using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Generation;
using MedGen.Abstractions.Models;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Clips from the one model of the process.</summary>
internal static class SharedModelClips
{
    /// <summary>Generates one clip, from a source when frames are given.</summary>
    public static async IAsyncEnumerable<AugmentationUpdate> MakeAsync(
        IMedGenModel model,
        AugmentationRequest request,
        GeneratedOptions options,
        IReadOnlyList<VideoFrame>? source,
        double strength,
        RandomStream random,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<string> templates = options.ClassPrompts.GetValueOrDefault(request.Label, options.Prompts);
        string prompt = PromptTemplate.Fill(templates[random.Below(templates.Count)], request.Label, request.Source);
        GenerationDefaults defaults = model.Description.Defaults;
        VideoGenerationRequest generation = new()
        {
            Prompt = prompt,
            NegativePrompt = options.NegativePrompt,
            Width = request.Width,
            Height = request.Height,
            NumFrames = request.NumFrames,
            FramesPerSecond = request.FramesPerSecond,
            NumInferenceSteps = options.Steps ?? defaults.NumInferenceSteps,
            GuidanceScale = options.GuidanceScale ?? defaults.GuidanceScale,
            Shift = options.Shift ?? defaults.Shift,
            Seed = request.Seed,
            SourceFrames = source,
            Strength = strength,
        };
        yield return new AugmentedClipDescription
        {
            Prompt = prompt,
            NegativePrompt = options.NegativePrompt,
            ModelHash = model.Description.Hash,
            Steps = generation.NumInferenceSteps,
            GuidanceScale = generation.GuidanceScale,
            Shift = generation.Shift,
            UsesSource = source is not null,
            Parameters = source is null
                ? new Dictionary<string, string>()
                : new Dictionary<string, string> { ["strength"] = strength.ToString("0.####", CultureInfo.InvariantCulture) },
        };
        await foreach (GenerationUpdate update in model.GenerateAsync(generation, cancellationToken).ConfigureAwait(false))
        {
            switch (update)
            {
                case GenerationProgress { Stage: GenerationStage.Denoising } progress:
                    yield return new AugmentationProgress { Completed = progress.Completed, Total = progress.Total };
                    break;
                case GeneratedFrames generated:
                    yield return new AugmentedFrames { Frames = generated.Frames };
                    break;
            }
        }
    }
}

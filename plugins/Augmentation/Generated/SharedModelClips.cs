using System.Globalization;
using System.Runtime.CompilerServices;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Clips from the one model of the process.</summary>
internal static class SharedModelClips
{
    /// <summary>Generates one clip from text alone.</summary>
    public static IAsyncEnumerable<AugmentationUpdate> MakeAsync(
        IMedGenModel model, AugmentationRequest request, GeneratedOptions options, CancellationToken cancellationToken) =>
        MakeAsync(model, request, options, new ClipStart(), new RandomStream(request.Seed), cancellationToken);

    /// <summary>Generates one clip from the request's source, sent back to noise by a share drawn from a range.</summary>
    public static IAsyncEnumerable<AugmentationUpdate> VaryAsync(
        IMedGenModel model, AugmentationRequest request, GeneratedOptions options, double strengthFrom, double strengthTo,
        CancellationToken cancellationToken)
    {
        RandomStream random = new(request.Seed);
        double strength = random.Between(strengthFrom, strengthTo);
        return FromSourceAsync(
            model, request, options, FrameSampling.All, frames => new ClipStart { SourceFrames = frames, Strength = strength }, random,
            cancellationToken);
    }

    /// <summary>Generates one clip that begins with the first frame of the request's source.</summary>
    public static IAsyncEnumerable<AugmentationUpdate> AnimateAsync(
        IMedGenModel model, AugmentationRequest request, GeneratedOptions options, CancellationToken cancellationToken) => FromSourceAsync(
        model, request, options, new FrameSampling { MaxFrames = 1 }, frames => new ClipStart { FirstFrame = frames[0] },
        new RandomStream(request.Seed), cancellationToken);

    private static async IAsyncEnumerable<AugmentationUpdate> FromSourceAsync(
        IMedGenModel model, AugmentationRequest request, GeneratedOptions options, FrameSampling sampling,
        Func<IReadOnlyList<VideoFrame>, ClipStart> start, RandomStream random, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<VideoFrame> source = [];
        try
        {
            await foreach (VideoFrame frame in request.Source.Clip.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
            {
                source.Add(frame);
            }

            await foreach (AugmentationUpdate update in MakeAsync(model, request, options, start(source), random,
                cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }
        }
        finally
        {
            source.ForEach(frame => frame.Dispose());
        }
    }

    private static async IAsyncEnumerable<AugmentationUpdate> MakeAsync(
        IMedGenModel model,
        AugmentationRequest request,
        GeneratedOptions options,
        ClipStart start,
        RandomStream random,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<string> templates = options.PromptsOf(request.Label);
        string prompt = PromptTemplate.Fill(templates[random.Below(templates.Count)], request.Label, request.Source);
        AdapterDescription? adapter = request.Adapter is { } name
            ? await model.DescribeAdapterAsync(name, cancellationToken).ConfigureAwait(false)
            : null;
        GenerationDefaults defaults = model.Description.Defaults;
        VideoGenerationRequest generation = new()
        {
            Prompt = prompt,
            NegativePrompt = options.NegativePrompt,
            Width = request.Shape.Width,
            Height = request.Shape.Height,
            NumFrames = request.Shape.NumFrames,
            FramesPerSecond = request.Shape.FramesPerSecond,
            NumInferenceSteps = options.Steps ?? defaults.NumInferenceSteps,
            GuidanceScale = options.GuidanceScale ?? defaults.GuidanceScale,
            Seed = request.Seed,
            SourceFrames = start.SourceFrames,
            Strength = start.Strength,
            FirstFrame = start.FirstFrame,
            Wan = new WanOptions
            {
                Shift = options.Shift ?? defaults.Shift, Adapter = request.Adapter, AdapterScale = options.AdapterScale,
                LowNoiseGuidanceScale = options.GuidanceScale is null ? defaults.LowNoiseGuidanceScale : null,
            },

            // The same request gives the same frames, whichever clips are made beside it.
            Deterministic = true,
        };
        yield return new AugmentedClipDescription
        {
            Prompt = prompt,
            NegativePrompt = options.NegativePrompt,
            ModelHash = model.Description.Hash,
            Adapter = adapter?.Name,
            AdapterSha256 = adapter?.Sha256,
            Steps = generation.NumInferenceSteps,
            GuidanceScale = generation.GuidanceScale,
            Shift = generation.Wan.Shift,
            UsesSource = start.SourceFrames is not null || start.FirstFrame is not null,
            Parameters = Parameters(start.SourceFrames is null ? null : start.Strength, adapter is null ? null : options.AdapterScale),
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

    private static Dictionary<string, string> Parameters(double? strength, double? adapterScale) =>
        new (string Name, double? Value)[] { ("strength", strength), ("adapter_scale", adapterScale) }.Where(one => one.Value is not null)
            .ToDictionary(one => one.Name, one => one.Value!.Value.ToString("0.####", CultureInfo.InvariantCulture));
}

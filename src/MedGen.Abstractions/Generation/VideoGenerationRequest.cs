using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Models;

namespace MedGen.Abstractions.Generation;

/// <summary>Everything that decides the frames of a generated clip, and how it is served. The same request on the same model gives the same frames.</summary>
public sealed record VideoGenerationRequest
{
    private static readonly GenerationDefaults Defaults = new();

    /// <summary>What to show; cleaned and cut to the model's text length. 1 to 4,000 characters.</summary>
    public required string Prompt { get; init; }

    /// <summary>What to avoid; null: the model's default, empty: the empty text.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Width in px, a multiple of 16, 16 to 1,280.</summary>
    public int Width { get; init; } = Defaults.Width;

    /// <summary>Height in px, a multiple of 16, 16 to 1,280.</summary>
    public int Height { get; init; } = Defaults.Height;

    /// <summary>Number of frames, 4k + 1, 1 to 257.</summary>
    public int NumFrames { get; init; } = Defaults.NumFrames;

    /// <summary>Frame rate of the clip in frames per second, 1 to 60.</summary>
    public double FramesPerSecond { get; init; } = Defaults.FramesPerSecond;

    /// <summary>Denoising steps, 1 to 200.</summary>
    public int NumInferenceSteps { get; init; } = Defaults.NumInferenceSteps;

    /// <summary>Classifier-free guidance scale, 0 to 30; 1 turns guidance (and its second forward a step) off.</summary>
    public double GuidanceScale { get; init; } = Defaults.GuidanceScale;

    /// <summary>Timestep shift of the flow schedule, above 0, at most 30.</summary>
    public double Shift { get; init; } = Defaults.Shift;

    /// <summary>How the flow is integrated.</summary>
    public GenerationScheduler Scheduler { get; init; } = GenerationScheduler.UniPC;

    /// <summary>Seed of the noise, 0 to 2^63 − 1.</summary>
    public required long Seed { get; init; }

    /// <summary>A clip to start from (video to video), <see cref="NumFrames"/> frames of <see cref="Width"/> × <see cref="Height"/>; null: from noise.</summary>
    public IReadOnlyList<VideoFrame>? SourceFrames { get; init; }

    /// <summary>With <see cref="SourceFrames"/>: how much of the way back to noise the source is sent; above 0, at most 1 (nothing of it is left).</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Name of an adapter (LoRA) of the host; null: the model as it is.</summary>
    public string? Adapter { get; init; }

    /// <summary>With <see cref="Adapter"/>: how much of it is added, 0 to 2; 1 as it was trained.</summary>
    public double AdapterScale { get; init; } = 1;

    /// <summary>
    /// Whether the frames must be the same to the last bit whatever else runs. Otherwise the generation may share forwards with others, which changes its
    /// sums' rounding.
    /// </summary>
    public bool Deterministic { get; init; }

    /// <summary>Shortcuts that change the frames; null: none.</summary>
    public GenerationAcceleration? Acceleration { get; init; }

    /// <summary>A preview of the middle frame every so many steps; 0: none.</summary>
    public int PreviewInterval { get; init; }

    /// <summary>How it is served; without effect on the frames.</summary>
    public ServiceTerms Service { get; init; } = new();
}

using MedGen.Sdk.Generation;

namespace MedGen.Sdk.Models;

/// <summary>
/// What a generation takes where a request says nothing: the values a model was made for. Those of Wan 2.1 unless the model's medgen.json says
/// otherwise.
/// </summary>
public sealed record GenerationDefaults
{
    /// <summary>Width in px. Default 832.</summary>
    public int Width { get; init; } = 832;

    /// <summary>Height in px. Default 480.</summary>
    public int Height { get; init; } = 480;

    /// <summary>Number of frames. Default 81.</summary>
    public int NumFrames { get; init; } = 81;

    /// <summary>Frame rate in frames per second. Default 16.</summary>
    public double FramesPerSecond { get; init; } = 16;

    /// <summary>Denoising steps. Default 50.</summary>
    public int NumInferenceSteps { get; init; } = 50;

    /// <summary>Classifier-free guidance scale. Default 5.</summary>
    public double GuidanceScale { get; init; } = 5;

    /// <summary>Guidance scale of the low-noise expert; null, the default: there is none, or it takes the guidance scale.</summary>
    public double? LowNoiseGuidanceScale { get; init; }

    /// <summary>Timestep shift of the flow schedule. Default 5.</summary>
    public double Shift { get; init; } = 5;

    /// <summary>A request for a clip of these values.</summary>
    /// <param name="prompt">What to show.</param>
    /// <param name="seed">Seed of the noise, 0 to 2^63 − 1.</param>
    /// <returns>The request; everything else is as <see cref="VideoGenerationRequest"/> has it where nothing is said.</returns>
    public VideoGenerationRequest ToRequest(string prompt, long seed) => new()
    {
        Prompt = prompt,
        Seed = seed,
        Width = Width,
        Height = Height,
        NumFrames = NumFrames,
        FramesPerSecond = FramesPerSecond,
        NumInferenceSteps = NumInferenceSteps,
        GuidanceScale = GuidanceScale,
        Wan = new WanOptions { Shift = Shift, LowNoiseGuidanceScale = LowNoiseGuidanceScale },
    };
}

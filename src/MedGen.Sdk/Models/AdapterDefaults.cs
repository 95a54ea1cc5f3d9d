using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Generation;

namespace MedGen.Sdk.Models;

/// <summary>
/// What an adapter was made for, where that is another than the model's: a distilled one asks for few steps. What a request says wins.
/// </summary>
public sealed record AdapterDefaults
{
    /// <summary>Denoising steps, 1 to 200; null: not stated.</summary>
    [Range(1, GenerationLimits.MaxSteps)]
    public int? NumInferenceSteps { get; init; }

    /// <summary>Classifier-free guidance scale, 0 to 30; null: not stated.</summary>
    [Range(0.0, 30.0)]
    public double? GuidanceScale { get; init; }

    /// <summary>Guidance scale of the low-noise expert, 0 to 30; null: not stated.</summary>
    [Range(0.0, 30.0)]
    public double? LowNoiseGuidanceScale { get; init; }

    /// <summary>Timestep shift, above 0, at most 30; null: not stated.</summary>
    [Range(0.0, 30.0, MinimumIsExclusive = true)]
    public double? Shift { get; init; }

    /// <summary>How the flow is integrated; null: not stated.</summary>
    public GenerationScheduler? Scheduler { get; init; }
}

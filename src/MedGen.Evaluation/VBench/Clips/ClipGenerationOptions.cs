using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Generation;

namespace MedGen.Evaluation.VBench.Clips;

/// <summary>How the clips of a benchmark are made; what is not said here is as the model has it.</summary>
public sealed record ClipGenerationOptions
{
    /// <summary>Seed of the first clip of each prompt; the others have the following ones. Default 42.</summary>
    [Range(0, 1_000_000_000)]
    public int Seed { get; init; } = 42;

    /// <summary>Clips for each prompt, 1 to 100. Default 1.</summary>
    [Range(1, 100)]
    public int ClipsPerPrompt { get; init; } = 1;

    /// <summary>Denoising steps, 1 to 200; null: the model's own.</summary>
    [Range(1, GenerationLimits.MaxSteps)]
    public int? Steps { get; init; }
}

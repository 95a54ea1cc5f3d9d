using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>The clips that are generated while a flow is trained, one row of the picture for each prompt.</summary>
public sealed record SampleOptions
{
    /// <summary>Prompts, up to 16; empty: captions of the first training clips.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>Seed of the noise. Default 42.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 42;

    /// <summary>Denoising steps. 1 to 200; default 20.</summary>
    [Range(1, 200)]
    public int Steps { get; init; } = 20;

    /// <summary>Guidance scale. 0 to 30; default 4.</summary>
    [Range(0.0, 30.0)]
    public double GuidanceScale { get; init; } = 4;

    /// <summary>Timestep shift. Above 0, at most 30; default 3.</summary>
    [Range(0.1, 30.0)]
    public double Shift { get; init; } = 3;
}

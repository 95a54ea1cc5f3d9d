using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Generation;

namespace MedGen.Evaluation.Experiments;

/// <summary>What an experiment on a generating model is given.</summary>
public sealed record ExperimentTask
{
    /// <summary>Folder of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Folder for clips and report; the same again goes on.</summary>
    public required string Output { get; init; }

    /// <summary>Weights of the imaging-modality classifier that judges; it must not have been trained on generated clips.</summary>
    public required string Judge { get; init; }

    /// <summary>Weights of the phase recogniser, for <see cref="ProcedureExperiment"/>.</summary>
    public string? Phases { get; init; }

    /// <summary>The recipe that trained the model, for <see cref="RareExperiment"/>.</summary>
    public string? Training { get; init; }

    /// <summary>How many prompts are taken, spread over the groups, at least 1; null: all.</summary>
    [Range(1, int.MaxValue)]
    public int? Limit { get; init; }

    /// <summary>Clips for each prompt, 1 to 100. Default 1.</summary>
    [Range(1, 100)]
    public int Clips { get; init; } = 1;

    /// <summary>Seed of the first clip of each prompt. Default 42.</summary>
    [Range(0, 1_000_000_000)]
    public int Seed { get; init; } = 42;

    /// <summary>Denoising steps, 1 to 200; null: the model's own.</summary>
    [Range(1, GenerationLimits.MaxSteps)]
    public int? Steps { get; init; }

    /// <summary>Simulated clips of each class that the judge of concepts learns from, 2 to 1,000. Default 12.</summary>
    [Range(2, 1000)]
    public int References { get; init; } = 12;
}

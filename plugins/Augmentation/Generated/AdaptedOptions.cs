using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Options of the method <c>adapted</c>: how the adapter is trained, and how clips are made with it.</summary>
internal sealed record AdaptedOptions : GeneratedOptions
{
    [Description("One adapter for the data set, which tells its classes apart by their prompts, or one for each class.")]
    public AdapterScope Per { get; init; }

    [Range(1, 1_000_000), Description("Optimiser steps of each adapter.")]
    public int TrainSteps { get; init; } = 500;

    [Range(1, 512), Description("Rank of the update.")]
    public int Rank { get; init; } = 16;

    [Range(1e-7, 1.0), Description("Highest learning rate; the default suits small models, 1e-4 those of a billion weights.")]
    public double LearningRate { get; init; } = 1e-3;

    [Range(1, 4096), Description("Clips of one training step.")]
    public int BatchSize { get; init; } = 4;

    [Range(0.01, 1.0), Description("Smallest share of the way back to noise that a training clip is sent; without both, clips start from noise.")]
    public double? StrengthFrom { get; init; }

    [Range(0.01, 1.0), Description("Largest share, at least the smallest.")]
    public double? StrengthTo { get; init; }

    /// <summary>What the host must train.</summary>
    public TrainedAdapter ToNeed() => new() { Scope = Per, Steps = TrainSteps, Rank = Rank, LearningRate = LearningRate, BatchSize = BatchSize };

    /// <inheritdoc />
    public override void Check(Violations violations)
    {
        base.Check(violations);
        violations.Require(!(StrengthTo < StrengthFrom), "strength_to", $"got {StrengthTo}", $"{StrengthFrom} to 1");
        if (StrengthFrom is null != StrengthTo is null)
        {
            violations.Add(StrengthFrom is null ? "strength_from" : "strength_to", "is missing; both strengths are needed, or neither.");
        }
    }
}

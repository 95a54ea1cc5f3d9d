using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Options of the method <c>adapted</c>: how the adapter is trained, and how clips are made with it.</summary>
internal sealed record AdaptedOptions : GeneratedOptions
{
    private const double MinStrength = 0.01;

    /// <summary>
    /// One adapter for the data set, or one for each class. Default: for the data set, which tells its classes apart by their prompts.
    /// </summary>
    public AdapterScope Per { get; init; }

    /// <summary>Optimiser steps of each adapter, 1 to 1,000,000. Default 500.</summary>
    public int TrainSteps { get; init; } = 500;

    /// <summary>Rank of the update, 1 to 512. Default 16.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>Highest learning rate, 1e-7 to 1. Default 1e-3, for small models; 1e-4 suits those of a billion weights.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Clips of one training step, 1 to 4096. Default 4.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>
    /// Smallest share of the way back to noise that a training clip is sent, above 0, at most 1; null, as <see cref="StrengthTo"/>: clips start from
    /// noise alone.
    /// </summary>
    public double? StrengthFrom { get; init; }

    /// <summary>Largest share, at least <see cref="StrengthFrom"/>, at most 1.</summary>
    public double? StrengthTo { get; init; }

    /// <summary>What the host must train.</summary>
    public TrainedAdapter ToNeed() => new() { Scope = Per, Steps = TrainSteps, Rank = Rank, LearningRate = LearningRate, BatchSize = BatchSize };

    /// <inheritdoc />
    public override void Check(Violations violations)
    {
        base.Check(violations);
        violations.Within("train_steps", TrainSteps, 1, 1_000_000);
        violations.Within("rank", Rank, 1, 512);
        violations.Within("learning_rate", LearningRate, 1e-7, 1);
        violations.Within("batch_size", BatchSize, 1, 4096);
        violations.Within("strength_from", StrengthFrom, MinStrength, 1);
        violations.Within("strength_to", StrengthTo, Math.Max(MinStrength, StrengthFrom ?? MinStrength), 1);
        if (StrengthFrom is null != StrengthTo is null)
        {
            violations.Add(StrengthFrom is null ? "strength_from" : "strength_to", "is missing; both strengths are needed, or neither.");
        }
    }
}

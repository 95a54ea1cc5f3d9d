using System.ComponentModel.DataAnnotations;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>How a phase recogniser is trained.</summary>
public sealed record PhaseTrainingOptions
{
    /// <summary>Folder in the layout of Cholec80 or AutoLaparo; null: simulated cholecystectomies.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Folder for weights, evaluation, log and checkpoints; made when missing.</summary>
    [Required]
    public required string OutputFolder { get; init; }

    /// <summary>
    /// Numbers of videos for training, validation and test, in the order of their names, for instance <c>40/8/32</c>; with simulated procedures how
    /// many to simulate. Null: 40/8/32 of 80 videos, 10/4/7 of 21 (as published for Cholec80 and AutoLaparo), 60/20/20 simulated.
    /// </summary>
    public string? Split { get; init; }

    /// <summary>
    /// CSV file with the columns <c>video</c> and <c>split</c> (train, validation, test), instead of <see cref="Split"/>; null: none.
    /// </summary>
    public string? SplitFile { get; init; }

    /// <summary>Factor on the durations of simulated phases, 0.02 to 5; 1 gives about 40 minutes a procedure.</summary>
    [Range(0.02, 5.0)]
    public double DurationScale { get; init; } = 0.25;

    /// <summary>Seed of every random draw, 0 to 1,000.</summary>
    [Range(0, 1000)]
    public int Seed { get; init; } = 1;

    /// <summary>Optimiser steps of the frame network, at least 1.</summary>
    [Range(1, 1_000_000)]
    public int FrameSteps { get; init; } = 2000;

    /// <summary>Views per step of the frame network, 7 to 1,024.</summary>
    [Range(7, 1024)]
    public int BatchSize { get; init; } = 28;

    /// <summary>Peak learning rate of the frame network (AdamW; linear warm-up, cosine decay).</summary>
    [Range(1e-6, 1.0)]
    public double FrameLearningRate { get; init; } = 2e-3;

    /// <summary>Passes of the temporal network over the training videos, at least 1.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 25;

    /// <summary>Peak learning rate of the temporal network (Adam; cosine decay).</summary>
    [Range(1e-6, 1.0)]
    public double TemporalLearningRate { get; init; } = 1e-3;

    /// <summary>Maps of the temporal network, 8 to 256.</summary>
    [Range(8, 256)]
    public int Maps { get; init; } = 64;

    /// <summary>
    /// Takes up the views and the frame network that an interrupted run has finished; what stems from other videos, seeds or options is made anew.
    /// </summary>
    public bool Resume { get; init; }
}

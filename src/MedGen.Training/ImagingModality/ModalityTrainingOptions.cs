using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.ImagingModality;

/// <summary>How the modality classifier is trained.</summary>
public sealed record ModalityTrainingOptions
{
    /// <summary>Default of <see cref="Folds"/>.</summary>
    public const int DefaultFolds = 4;

    /// <summary>Default of <see cref="Steps"/>.</summary>
    public const int DefaultSteps = 1600;

    /// <summary>Default of <see cref="MaxUnreadable"/>.</summary>
    public const int DefaultMaxUnreadable = 10;

    /// <summary>Folder with <c>manifest.csv</c> and its files.</summary>
    [Required]
    public required string DataFolder { get; init; }

    /// <summary>Folder for weights, evaluation, log and checkpoints; made when missing.</summary>
    [Required]
    public required string OutputFolder { get; init; }

    /// <summary>Seed of every random draw.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Folds of the cross-validation, 2 to 20; 0 skips it (no calibration then: temperature 1, nothing is refused).</summary>
    [Range(0, 20)]
    public int Folds { get; init; } = DefaultFolds;

    /// <summary>Optimiser steps per network, at least 1.</summary>
    [Range(1, 1_000_000)]
    public int Steps { get; init; } = DefaultSteps;

    /// <summary>Views per step, 2 to 1024.</summary>
    [Range(2, 1024)]
    public int BatchSize { get; init; } = 24;

    /// <summary>Peak learning rate (AdamW; linear warm-up, cosine decay).</summary>
    [Range(1e-6, 1.0)]
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Networks of the shipped classifier, each trained on all groups from its own seed; their log-probabilities are averaged. 1 to 8.</summary>
    [Range(1, 8)]
    public int Members { get; init; } = 1;

    /// <summary>Fewest groups (patients, volumes, recordings) of a label that is learnt; labels below it are left out. At least 2.</summary>
    [Range(2, 1000)]
    public int MinGroups { get; init; } = 5;

    /// <summary>Frames taken from a clip, evenly, 1 to 256.</summary>
    [Range(1, 256)]
    public int FramesPerClip { get; init; } = 16;

    /// <summary>Share of in-distribution clips that may be refused; fixes the abstention threshold. 0 to 0.5.</summary>
    [Range(0.0, 0.5)]
    public double RejectionRate { get; init; } = 0.05;

    /// <summary>Whether simulated pictures are trained on. They did not help on real ones: plugins/ImagingModality/README.md has the table.</summary>
    public PhantomUse Phantoms { get; init; } = PhantomUse.None;

    /// <summary>Simulated clips of each kind, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int PhantomsPerKind { get; init; } = 100;

    /// <summary>So many files that cannot be decoded are named and skipped; one more ends the training. 0 to 100,000.</summary>
    [Range(0, 100_000)]
    public int MaxUnreadable { get; init; } = DefaultMaxUnreadable;

    /// <summary>Takes up finished networks found in the output folder; they must stem from the same data and options.</summary>
    public bool Resume { get; init; }
}

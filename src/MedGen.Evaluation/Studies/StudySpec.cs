using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Reading;

namespace MedGen.Evaluation.Studies;

/// <summary>What a study compares, as its JSON file says it (snake_case; an unknown key is an error). Docs: docs/studies.md.</summary>
public sealed record StudySpec
{
    internal const double DefaultMargin = 0.05;

    /// <summary>Name of the study.</summary>
    public required string Name { get; init; }

    /// <summary>Seed of everything that is drawn.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// What is answered: the class (default), or the number, for which <c>labels</c> are numeric; their bins stay what pools are balanced by.
    /// </summary>
    public StudyOutcome Outcome { get; init; }

    /// <summary>
    /// With the outcome number, where pools have simulated clips: the value of a simulation's truth that is its number, as
    /// <c>ejection-fraction</c> of <c>us-cardiac</c>; null: there are none.
    /// </summary>
    public string? SimulatedNumber { get; init; }

    /// <summary>How labels are read.</summary>
    public LabelScheme Labels { get; init; } = new();

    /// <summary>Column that says what must not be in two splits; null: patient_id.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>Whether every clip without a patient is of another one.</summary>
    public bool NoGroups { get; init; }

    /// <summary>Shape that all clips are read at.</summary>
    public ClipShape Clip { get; init; } = new();

    /// <summary>What the study's own classifier sees. Default: thumbnails.</summary>
    public StudyFeatures Features { get; init; }

    /// <summary>
    /// Augmentations by name, each a whole specification of <c>medgen augment</c>; its clips are made from the training split, once.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Pools { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>What is compared; the first is the baseline: real clips alone.</summary>
    public required IReadOnlyList<StudyArm> Arms { get; init; }

    /// <summary>Shares of the training patients, above 0, at most 1. Default: 0.25, 0.5 and 1.</summary>
    public IReadOnlyList<double> Fractions { get; init; } = [0.25, 0.5, 1];

    /// <summary>Repetitions with other draws of patients and clips, 3 to 20. Default 3.</summary>
    [Range(3, 20)]
    public int Seeds { get; init; } = 3;

    /// <summary>Optimiser steps of every arm, 10 to 10,000. Default 200.</summary>
    [Range(10, 10_000)]
    public int Steps { get; init; } = 200;

    /// <summary>
    /// Bootstrap samples, and sign patterns of the tests, at least; the tests take 200 for each comparison of the study where that is more, so that
    /// the smallest p that can be drawn stays below 0.05 after Holm's correction. 200 to 100,000. Default 2000.
    /// </summary>
    [Range(200, 100_000)]
    public int Resamples { get; init; } = 2000;

    /// <summary>
    /// A difference that is too small to matter: an arm whose 90 % interval lies within it, either way, is called equivalent. In balanced accuracy
    /// 0.005 to 0.5, default 0.05; in mean absolute error, in units of the label, above 0, and it must be stated.
    /// </summary>
    [Range(0.0, 1e9, MinimumIsExclusive = true)]
    public double? EquivalenceMargin { get; init; }

    /// <summary>The margin that holds.</summary>
    internal double Margin => EquivalenceMargin ?? DefaultMargin;

    /// <summary>
    /// Test patients of each class, or of all where the outcome is a number, below which no verdict is given, 2 to 100,000. Default 20.
    /// </summary>
    [Range(2, 100_000)]
    public int MinTestPatients { get; init; } = 20;
}

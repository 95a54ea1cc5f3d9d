using System.Text.Json.Serialization;

namespace MedGen.Evaluation.Studies;

/// <summary>Everything that a study found; written to <c>study.json</c> as it stands here.</summary>
public sealed record StudyReport
{
    /// <summary>Name of the study.</summary>
    public required string Name { get; init; }

    /// <summary>What the classifier is and sees.</summary>
    public required string Classifier { get; init; }

    /// <summary>Penalty, chosen on the validation clips for the baseline alone; null: the classifier is the user's own.</summary>
    public required double? Penalty { get; init; }

    /// <summary>Optimiser steps of every arm.</summary>
    public required int Steps { get; init; }

    /// <summary>What the clips are compared by, and what the study's own classifier sees.</summary>
    public string Features { get; init; } = "";

    /// <summary>Repetitions.</summary>
    public required int Seeds { get; init; }

    /// <summary>What is answered.</summary>
    public StudyOutcome Outcome { get; init; }

    /// <summary>The classes; where the outcome is a number, those that pools are balanced by.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Clips and patients of each split and class, as <c>train a: 10 clips of 4 patients</c>.</summary>
    public required IReadOnlyList<string> Counts { get; init; }

    /// <summary>Whether the baseline gave one answer for all test clips, at any share in any seed.</summary>
    public required bool IsBaselineConstant { get; init; }

    /// <summary>Test patients of the class that has fewest; where the outcome is a number, all.</summary>
    public required int FewestTestPatients { get; init; }

    /// <summary>Test patients of each class, or in all, that a verdict needs.</summary>
    public required int MinTestPatients { get; init; }

    /// <summary>Every answer to every test clip, from which all figures can be computed anew; in <c>predictions.csv</c>.</summary>
    [JsonIgnore]
    public IReadOnlyList<StudyPrediction> Predictions { get; init; } = [];

    /// <summary>A difference in balanced accuracy, or mean absolute error, that is too small to matter.</summary>
    public required double EquivalenceMargin { get; init; }

    /// <summary>What each pool came to.</summary>
    public required IReadOnlyList<PoolReport> Pools { get; init; }

    /// <summary>How the real test clips lie to the real training clips: what a pool can reach; null: there are too few.</summary>
    public PoolFidelity? RealFidelity { get; init; }

    /// <summary>How the arms do on clips of another source; null: none were given.</summary>
    public ExternalResults? External { get; init; }

    /// <summary>Clips that the report shows.</summary>
    public required IReadOnlyList<StudySample> Samples { get; init; }

    /// <summary>All arms at all shares, but for those that are left out.</summary>
    public required IReadOnlyList<ArmResult> Results { get; init; }

    /// <summary>
    /// Arms that had nothing to train on at a share of the patients: their clips were refused, or depend on patients that were not drawn.
    /// </summary>
    public required IReadOnlyList<LeftOutArm> LeftOut { get; init; }
}

namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>
/// How a finished classifier does on a labelled folder. Recall, precision, balanced accuracy and calibration are before any refusal, and a group
/// counts once however many clips it has. Whether the clips were trained on is not known here.
/// </summary>
public sealed record LabelledEvaluation
{
    /// <summary>SHA-256 of the weights, in lower-case hex.</summary>
    public required string WeightsHash { get; init; }

    /// <summary>What a reader must know of the figures.</summary>
    public required string Note { get; init; }

    /// <summary>Labels that the classifier was taught, in its own order and that of the confusion matrix.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Clips of these labels.</summary>
    public required int Clips { get; init; }

    /// <summary>Their groups.</summary>
    public required int Groups { get; init; }

    /// <summary>Mean recall of the labels that have a clip; null when none has.</summary>
    public required double? BalancedAccuracy { get; init; }

    /// <summary>Its 95 % interval by bootstrap over the groups of each label; null when there is no balanced accuracy.</summary>
    public required Interval? BalancedAccuracyInterval { get; init; }

    /// <summary>Each label, also those without a clip.</summary>
    public required IReadOnlyList<LabelResult> PerLabel { get; init; }

    /// <summary>Clips by true label (row) and most probable label (column).</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>Expected calibration error (10 bins); null without clips of these labels.</summary>
    public required double? CalibrationError { get; init; }

    /// <summary>Share of clips of these labels whose answer was withheld; null without such clips.</summary>
    public required double? AbstainedShare { get; init; }

    /// <summary>Share of right answers among the others; null when every answer was withheld.</summary>
    public required double? AccuracyWhenAnswered { get; init; }

    /// <summary>Modalities that the classifier was not taught, and everyday pictures (<c>unknown</c>); it should abstain on them.</summary>
    public required IReadOnlyList<UntaughtResult> Untaught { get; init; }

    /// <summary>Share of the clips of these modalities whose answer was withheld; null without such clips.</summary>
    public required double? UntaughtRefusedShare { get; init; }

    /// <summary>Files that are in no figure.</summary>
    public required IReadOnlyList<SkippedClip> Skipped { get; init; }

    /// <summary>Count of the folder's files that are no clips, by extension.</summary>
    public required IReadOnlyDictionary<string, int> PassedOver { get; init; }

    /// <summary>A range.</summary>
    /// <param name="Low">Its lower end.</param>
    /// <param name="High">Its upper end.</param>
    public sealed record Interval(double Low, double High);

    /// <summary>One label.</summary>
    /// <param name="Label">The label.</param>
    /// <param name="Groups">Its groups.</param>
    /// <param name="Clips">Its clips.</param>
    /// <param name="Recall">Mean over groups of the share of a group's clips that are named right; null without clips.</param>
    /// <param name="Precision">Share of right ones among the clips that are named so; null when none is.</param>
    public sealed record LabelResult(string Label, int Groups, int Clips, double? Recall, double? Precision);

    /// <summary>One modality that was not taught.</summary>
    /// <param name="Label">The modality.</param>
    /// <param name="Groups">Its groups.</param>
    /// <param name="Clips">Its clips.</param>
    /// <param name="RefusedShare">Share of the clips whose answer was withheld.</param>
    public sealed record UntaughtResult(string Label, int Groups, int Clips, double RefusedShare);
}

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>
/// What the cross-validation found: every figure comes from a discriminant that had not seen the clip's group. A recall is the mean over groups of
/// the share of a group's clips that are named right, so that a patient with many clips counts once.
/// </summary>
public sealed record ModalityEvaluation
{
    /// <summary>Learnt labels, in the order of the confusion matrix.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Labels with too few groups that may be trained on; the classifier never emits them.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Fewest groups of a learnt label.</summary>
    public required int MinGroups { get; init; }

    /// <summary>Number of folds.</summary>
    public required int Folds { get; init; }

    /// <summary>Clips that were trained on, and those that were evaluated on only because of their licence.</summary>
    public required ClipCounts Clips { get; init; }

    /// <summary>Listed files that were passed over.</summary>
    public required IReadOnlyList<PassedOverFile> PassedOver { get; init; }

    /// <summary>Mean of the labels' recalls.</summary>
    public required double BalancedAccuracy { get; init; }

    /// <summary>Mean recall on sources never seen, over the labels with two sources or more; null when there is none.</summary>
    public required double? NewSourceBalancedAccuracy { get; init; }

    /// <summary>Its 95 % interval by bootstrap over the groups of each label; null when there is none.</summary>
    public required Interval? NewSourceBalancedAccuracyInterval { get; init; }

    /// <summary>Clips by true label (row) and answer (column), in label order.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>Recall of each label.</summary>
    public required IReadOnlyList<LabelResult> PerLabel { get; init; }

    /// <summary>Accuracy by source.</summary>
    public required IReadOnlyList<SourceResult> PerSource { get; init; }

    /// <summary>Temperature fitted on the held-out answers.</summary>
    public required double Temperature { get; init; }

    /// <summary>Expected calibration error (10 bins, a group counts once) at temperature 1.</summary>
    public required double CalibrationErrorBefore { get; init; }

    /// <summary>The same at the fitted temperature (on the data it was fitted on).</summary>
    public required double CalibrationErrorAfter { get; init; }

    /// <summary>Share of clips of learnt labels on which the classifier abstains.</summary>
    public required double RefusedShare { get; init; }

    /// <summary>Share of right answers among the clips of learnt labels that are answered.</summary>
    public required double AccuracyWhenAnswered { get; init; }

    /// <summary>Everyday pictures by source: each was asked of a discriminant that had seen no picture of that source.</summary>
    public required IReadOnlyList<OutlierResult> Everyday { get; init; }

    /// <summary>Modalities that are not learnt, and drawn kinds; none of a kind was seen by the discriminant asked.</summary>
    public required IReadOnlyList<OutlierResult> Outliers { get; init; }

    /// <summary>A range.</summary>
    /// <param name="Low">Its lower end.</param>
    /// <param name="High">Its upper end.</param>
    public sealed record Interval(double Low, double High);

    /// <summary>How many clips served for what.</summary>
    /// <param name="Trained">Clips whose licence lets them be trained on.</param>
    /// <param name="EvaluatedOnly">The others.</param>
    public sealed record ClipCounts(int Trained, int EvaluatedOnly);

    /// <summary>One label.</summary>
    /// <param name="Label">The label.</param>
    /// <param name="Groups">Its groups.</param>
    /// <param name="Clips">Its clips.</param>
    /// <param name="Recall">Mean over groups.</param>
    /// <param name="RecallInterval">Its 95 % interval by Wilson's score, a group being one trial.</param>
    /// <param name="NewSourceGroups">Groups whose whole source was held out.</param>
    /// <param name="NewSourceRecall">Mean over those; null when there is none.</param>
    public sealed record LabelResult(
        string Label, int Groups, int Clips, double Recall, Interval RecallInterval, int NewSourceGroups, double? NewSourceRecall);

    /// <summary>One source and label.</summary>
    /// <param name="Source">Repository or package.</param>
    /// <param name="Label">Label.</param>
    /// <param name="Groups">Groups.</param>
    /// <param name="Clips">Clips.</param>
    /// <param name="Accuracy">Mean over groups.</param>
    /// <param name="HeldOut">Whether the source was held out as a whole.</param>
    public sealed record SourceResult(string Source, string Label, int Groups, int Clips, double Accuracy, bool HeldOut);

    /// <summary>One kind of input that is none of the labels.</summary>
    /// <param name="Kind">Modality code, source of everyday pictures, or kind of drawn picture.</param>
    /// <param name="Count">Inputs.</param>
    /// <param name="NeverTrained">Whether none may be trained on, so that the shipped discriminant has not seen them either.</param>
    /// <param name="RefusedShare">Share on which the classifier abstains.</param>
    public sealed record OutlierResult(string Kind, int Count, bool NeverTrained, double RefusedShare);
}

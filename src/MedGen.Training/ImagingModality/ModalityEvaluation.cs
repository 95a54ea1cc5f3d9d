namespace MedGen.Training.ImagingModality;

/// <summary>
/// What the cross-validation found: every figure comes from networks that had not seen the clip's group. A recall is the mean over groups of
/// the share of a group's clips that are named right, so that a patient with many clips counts once.
/// </summary>
public sealed record ModalityEvaluation
{
    /// <summary>Learnt labels, in the order of the confusion matrix.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Labels with too few groups; the classifier never emits them.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Fewest groups of a learnt label.</summary>
    public required int MinGroups { get; init; }

    /// <summary>Whether simulated clips were trained on; none is in any figure.</summary>
    public required PhantomUse Phantoms { get; init; }

    /// <summary>Number of folds.</summary>
    public required int Folds { get; init; }

    /// <summary>Files of the manifest that could not be read (compressed or coloured DICOM) or show nothing.</summary>
    public required IReadOnlyList<string> NotRead { get; init; }

    /// <summary>Mean of the labels' recalls.</summary>
    public required double BalancedAccuracy { get; init; }

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

    /// <summary>Confidence below which a clip is refused.</summary>
    public required double MinConfidence { get; init; }

    /// <summary>Share of clips of learnt labels that are refused.</summary>
    public required double RefusedShare { get; init; }

    /// <summary>Share of right answers among the clips of learnt labels that are answered.</summary>
    public required double AccuracyWhenAnswered { get; init; }

    /// <summary>How often inputs of other kinds are refused.</summary>
    public required IReadOnlyList<OutlierResult> Outliers { get; init; }

    /// <summary>One label.</summary>
    /// <param name="Label">The label.</param>
    /// <param name="Groups">Its groups.</param>
    /// <param name="Clips">Its clips.</param>
    /// <param name="Recall">Mean over groups.</param>
    /// <param name="NewSourceGroups">Groups whose whole source was held out.</param>
    /// <param name="NewSourceRecall">Mean over those; null when there is none.</param>
    public sealed record LabelResult(string Label, int Groups, int Clips, double Recall, int NewSourceGroups, double? NewSourceRecall);

    /// <summary>One source and label.</summary>
    /// <param name="Source">Repository or package.</param>
    /// <param name="Label">Label.</param>
    /// <param name="Groups">Groups.</param>
    /// <param name="Clips">Clips.</param>
    /// <param name="Accuracy">Mean over groups.</param>
    /// <param name="HeldOut">Whether the source was held out as a whole.</param>
    public sealed record SourceResult(string Source, string Label, int Groups, int Clips, double Accuracy, bool HeldOut);

    /// <summary>One kind of input that is none of the labels.</summary>
    /// <param name="Kind">Modality code or kind of drawn picture; no real picture of it was used in the training of the network that was asked.</param>
    /// <param name="Count">Inputs.</param>
    /// <param name="RefusedShare">Share that is refused.</param>
    public sealed record OutlierResult(string Kind, int Count, double RefusedShare);
}

using MedGen.Datasets.Reports;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>The report of a cross-validated evaluation.</summary>
internal static class ModalityReport
{
    /// <summary>Writes the figures down.</summary>
    public static Report Of(ModalityEvaluation e)
    {
        Report report = new("Imaging modality: cross-validated evaluation");
        Summary(report, e);
        report.Section("By label");
        report.Table(
            ["label", "groups", "clips", "recall", "95 % interval", "groups of sources held out whole", "recall there"],
            e.PerLabel.Select(l => Report.Row(
                $"{l.Label}", $"{l.Groups}", $"{l.Clips}", $"{l.Recall:F3}", $"{l.RecallInterval.Low:F2} to {l.RecallInterval.High:F2}",
                $"{l.NewSourceGroups}", $"{(l.NewSourceRecall is { } recall ? $"{recall:F3}" : "n/a")}")));
        report.Section("Confusion (clips; row: truth, column: answer)");
        report.Confusion(e.Labels, e.Confusion);
        report.Section("By source");
        report.Table(["source", "label", "groups", "clips", "accuracy", "held out whole"], e.PerSource.Select(s => Report.Row(
            $"{s.Source}", $"{s.Label}", $"{s.Groups}", $"{s.Clips}", $"{s.Accuracy:F3}", $"{(s.HeldOut ? "yes" : "no")}")));
        report.Section("Calibration and abstention");
        report.Text(
            $"Temperature {e.Temperature:F3}; expected calibration error {e.CalibrationErrorBefore:F3} before, {e.CalibrationErrorAfter:F3} after.",
            $"The classifier abstains on {e.RefusedShare:P1} of clips of learnt labels; of the others {e.AccuracyWhenAnswered:P1} are right.",
            $"Temperature and limits were fitted on these same answers.");
        Outliers(report, e);
        if (e.PassedOver.Count > 0)
        {
            report.Section("Passed over");
            report.List(e.PassedOver.GroupBy(p => p.Reason).OrderByDescending(g => g.Count())
                .Select(g => $"{g.Count()} files: {g.Key} ({string.Join(", ", g.Select(p => p.File))})"));
        }

        return report;
    }

    private static void Summary(Report report, ModalityEvaluation e)
    {
        report.Text(
            $"{e.Folds} folds by group (patient, volume, recording).",
            $"A source (repository) with at most 40 % of its label's groups is held out as a whole.",
            $"Every figure is from a discriminant that had not seen the clip's group.",
            $"Recall and accuracy by label and source: mean over groups, a group being the share of its clips named right before any abstention.",
            $"The shipped discriminant is fitted to all groups, so no figure here is its own;",
            $"with so few groups, each figure moves by several points when a single group changes.");
        report.Text(
            $"Balanced accuracy: **{e.BalancedAccuracy:F3}** over {e.PerLabel.Sum(l => l.Groups)} groups, {e.PerLabel.Sum(l => l.Clips)} clips.");
        if (e.NewSourceBalancedAccuracy is { } fresh && e.NewSourceBalancedAccuracyInterval is { } interval)
        {
            report.Text(
                $"On sources never seen, over the {e.PerLabel.Count(l => l.NewSourceGroups > 0)} labels that have one: **{fresh:F3}**",
                $"(95 % interval {interval.Low:F3} to {interval.High:F3}, bootstrap over groups).");
        }

        report.Text(
            $"Learnt: codes with at least {e.MinGroups} groups that can be read and trained on ({string.Join(", ", e.Labels)}).",
            $"`DX` stands for projection radiography, CR or DX: a picture does not show the kind of detector.",
            $"Left out for too little data, hence never answered: {(e.LeftOut.Count == 0 ? "none" : string.Join(", ", e.LeftOut))}.");
        report.Text(
            $"{e.Clips.Trained} clips and pictures may be trained on by their licence;",
            $"{e.Clips.EvaluatedOnly} whose licence is not permissive, or not stated, are in the figures only.");
    }

    private static void Outliers(Report report, ModalityEvaluation e)
    {
        if (e.Everyday.Count > 0)
        {
            int count = e.Everyday.Sum(o => o.Count);
            List<ModalityEvaluation.OutlierResult> foreign = [.. e.Everyday.Where(o => o.NeverTrained)];
            report.Section("Everyday pictures");
            report.Text(
                $"{count} photographs, drawings, charts, screenshots and textures,",
                $"each asked of a discriminant that had seen no picture of its source:",
                $"abstained on **{e.Everyday.Sum(o => o.RefusedShare * o.Count) / count:P1}**.");
            if (foreign.Count > 0)
            {
                int unseen = foreign.Sum(o => o.Count);
                double refused = foreign.Sum(o => o.RefusedShare * o.Count) / unseen;
                report.Text($"Of the {unseen} that are not trained on for the shipped weights either: {refused:P1}.");
            }

            Table(report, "source", e.Everyday);
        }

        report.Section("Other inputs that have none of the labels");
        report.Text($"The discriminant asked had seen no picture of the kind.");
        Table(report, "kind", e.Outliers);
    }

    private static void Table(Report report, string kind, IReadOnlyList<ModalityEvaluation.OutlierResult> outliers) =>
        report.Table([kind, "n", "trained on for the shipped weights", "abstained"], outliers.Select(o => Report.Row(
            $"{o.Kind}", $"{o.Count}", $"{(o.NeverTrained ? "no" : "yes")}", $"{o.RefusedShare:P0}")));
}

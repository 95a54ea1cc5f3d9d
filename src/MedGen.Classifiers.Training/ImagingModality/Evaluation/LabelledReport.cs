using System.Globalization;
using MedGen.Datasets.Reports;

namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>The report of an evaluation on a labelled folder.</summary>
public static class LabelledReport
{
    /// <summary>Writes the figures down.</summary>
    /// <param name="e">The figures.</param>
    /// <returns>The report.</returns>
    public static Report Of(LabelledEvaluation e)
    {
        ArgumentNullException.ThrowIfNull(e);
        Report report = new("Imaging modality on a labelled folder");
        report.Text($"{e.Note}");
        report.Text(
            $"{e.Clips} clips of {e.Groups} groups; weights {e.WeightsHash}.",
            $"Recall, precision and calibration are before any abstention and count a group (patient, volume, recording) once.");
        if (e.BalancedAccuracyInterval is { } interval)
        {
            Taught(report, e, interval);
        }
        else
        {
            report.Text($"No clip is of a modality that the classifier was taught ({string.Join(", ", e.Labels)}).");
        }

        Untaught(report, e);
        if (e.Skipped.Count > 0)
        {
            report.Text($"Passed over, in no figure ({e.Skipped.Count}):");
            report.List(e.Skipped.GroupBy(skipped => skipped.Reason).OrderByDescending(g => g.Count())
                .Select(g => $"{g.Count()} files: {g.Key} ({string.Join(", ", g.Select(skipped => skipped.File))})"));
        }

        if (e.PassedOver.Count > 0)
        {
            string kinds = string.Join(", ", e.PassedOver.Select(kind => $"{kind.Value} {kind.Key}"));
            report.Text($"Files of the folder that are no clips: {kinds}.");
        }

        return report;
    }

    private static void Taught(Report report, LabelledEvaluation e, LabelledEvaluation.Interval interval)
    {
        report.Text(
            $"Balanced accuracy: **{e.BalancedAccuracy:F3}** (95 % interval {interval.Low:F3} to {interval.High:F3}, bootstrap over groups).");
        string[] missing = [.. e.PerLabel.Where(l => l.Clips == 0).Select(l => l.Label)];
        if (missing.Length > 0)
        {
            report.Text($"No clip of {string.Join(", ", missing)}: the balanced accuracy is over the other labels.");
        }

        report.Table(["label", "groups", "clips", "recall", "precision"], e.PerLabel.Select(l => Report.Row(
            $"{l.Label}", $"{l.Groups}", $"{l.Clips}", $"{Figure(l.Recall)}", $"{Figure(l.Precision)}")));
        report.Text($"Clips by true label (row) and answer (column):");
        report.Confusion(e.Labels, e.Confusion);
        report.Text(
            $"Expected calibration error: {e.CalibrationError:F3} (10 bins).",
            $"Abstained on {e.AbstainedShare:P1} of the clips; of the others {Share(e.AccuracyWhenAnswered)} are right.");
    }

    private static void Untaught(Report report, LabelledEvaluation e)
    {
        if (e.Untaught.Count == 0)
        {
            report.Text($"Every clip is of a modality that the classifier was taught: on others, its abstention was not measured.");
            return;
        }

        report.Text(
            $"Modalities that the classifier was not taught, and everyday pictures (unknown);",
            $"it abstained on {Share(e.UntaughtRefusedShare)} of them:");
        report.Table(
            ["modality", "groups", "clips", "abstained"], e.Untaught.Select(
                u => Report.Row($"{u.Label}", $"{u.Groups}", $"{u.Clips}", $"{Share(u.RefusedShare)}")));
    }

    private static string Figure(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "n/a";

    private static string Share(double? value) => value?.ToString("P1", CultureInfo.InvariantCulture) ?? "n/a";
}

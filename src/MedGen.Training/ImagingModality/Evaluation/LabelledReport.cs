using System.Globalization;
using System.Text;

namespace MedGen.Training.ImagingModality.Evaluation;

/// <summary>Prints the evaluation of a labelled folder as Markdown.</summary>
public static class LabelledReport
{
    /// <summary>Writes the figures.</summary>
    /// <param name="e">The figures.</param>
    /// <returns>Markdown.</returns>
    public static string Write(LabelledEvaluation e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"# Imaging modality on a labelled folder");
        Line($"");
        Line($"{e.Note}");
        Line($"");
        Line($"{e.Clips} clips of {e.Groups} groups; weights {e.WeightsHash}. Recall, precision and calibration are before any refusal and count a group (patient,");
        Line($"volume, recording) once.");
        Line($"");
        if (e.BalancedAccuracyInterval is { } interval)
        {
            Line($"Balanced accuracy: **{e.BalancedAccuracy:F3}** (95 % interval {interval.Low:F3} to {interval.High:F3}, bootstrap over groups).");
            string[] missing = [.. e.PerLabel.Where(l => l.Clips == 0).Select(l => l.Label)];
            if (missing.Length > 0)
            {
                Line($"No clip of {string.Join(", ", missing)}: the balanced accuracy is over the other labels.");
            }

            Line($"");
            Line($"| label | groups | clips | recall | precision |");
            Line($"| --- | --- | --- | --- | --- |");
            foreach (LabelledEvaluation.LabelResult l in e.PerLabel)
            {
                Line($"| {l.Label} | {l.Groups} | {l.Clips} | {Figure(l.Recall)} | {Figure(l.Precision)} |");
            }

            Line($"");
            Line($"Clips by true label (row) and answer (column):");
            Line($"");
            Line($"{ConfusionTable.Write(e.Labels, e.Confusion)}");

            Line($"");
            Line($"Expected calibration error: {e.CalibrationError:F3} (10 bins). Abstained on {e.AbstainedShare:P1} of the clips; of the others {Share(e.AccuracyWhenAnswered)} are right.");
        }
        else
        {
            Line($"No clip is of a modality that the classifier was taught ({string.Join(", ", e.Labels)}).");
        }

        Line($"");
        if (e.Untaught.Count > 0)
        {
            Line($"Modalities that the classifier was not taught; it refused {Share(e.UntaughtRefusedShare)} of their clips:");
            Line($"");
            Line($"| modality | groups | clips | refused |");
            Line($"| --- | --- | --- | --- |");
            foreach (LabelledEvaluation.UntaughtResult u in e.Untaught)
            {
                Line($"| {u.Label} | {u.Groups} | {u.Clips} | {Share(u.RefusedShare)} |");
            }
        }
        else
        {
            Line($"No clip is of a modality that the classifier was not taught: nothing is known of what it refuses.");
        }

        if (e.Skipped.Count > 0)
        {
            Line($"");
            Line($"Skipped, in no figure ({e.Skipped.Count}):");
            Line($"");
            foreach (SkippedClip skipped in e.Skipped)
            {
                Line($"- {skipped.File}: {skipped.Reason}");
            }
        }

        return text.ToString();
    }

    private static string Figure(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "n/a";

    private static string Share(double? value) => value?.ToString("P1", CultureInfo.InvariantCulture) ?? "n/a";
}

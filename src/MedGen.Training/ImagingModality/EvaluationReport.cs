using System.Globalization;
using System.Text;
using MedGen.Training.ImagingModality.Evaluation;

namespace MedGen.Training.ImagingModality;

/// <summary>Prints an evaluation as Markdown.</summary>
internal static class EvaluationReport
{
    public static string Write(ModalityEvaluation e)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"# Imaging modality: cross-validated evaluation");
        Line($"");
        Line($"{e.Folds} folds by group (patient, volume, recording). A source (repository) with at most 40 % of its label's groups is held out as a");
        Line($"whole. Every figure is from networks that had not seen the clip's group. Recall and accuracy by label and source: mean over groups, a");
        Line($"group being the share of its clips named right before any refusal. The shipped networks are trained on all groups, so no figure");
        Line($"here is theirs; with so few groups, each figure moves by several points when a single group changes.");
        Line($"");
        Line($"{TrainedOn(e.Phantoms)}");
        Line($"");
        Line($"Balanced accuracy: **{e.BalancedAccuracy:F3}** over {e.PerLabel.Sum(l => l.Groups)} groups, {e.PerLabel.Sum(l => l.Clips)} clips.");
        Line($"");
        Line($"Learnt: codes with at least {e.MinGroups} groups in files that can be read ({string.Join(", ", e.Labels)}). `DX` stands for projection");
        Line($"radiography, CR or DX: a picture does not show the kind of detector. Left out for too little data, hence never answered: {string.Join(", ", e.LeftOut)}.");
        Line($"Not read (compressed or coloured DICOM, damaged, or nothing to see): {e.NotRead.Count} files.");
        Line($"");
        Line($"## By label");
        Line($"");
        Line($"| label | groups | clips | recall | groups of sources held out whole | recall there |");
        Line($"| --- | --- | --- | --- | --- | --- |");
        foreach (ModalityEvaluation.LabelResult l in e.PerLabel)
        {
            string fresh = l.NewSourceRecall?.ToString("F3", CultureInfo.InvariantCulture) ?? "n/a";
            Line($"| {l.Label} | {l.Groups} | {l.Clips} | {l.Recall:F3} | {l.NewSourceGroups} | {fresh} |");
        }

        Line($"");
        Line($"## Confusion (clips; row: truth, column: answer)");
        Line($"");
        Line($"{ConfusionTable.Write(e.Labels, e.Confusion)}");

        Line($"");
        Line($"## By source");
        Line($"");
        Line($"| source | label | groups | clips | accuracy | held out whole |");
        Line($"| --- | --- | --- | --- | --- | --- |");
        foreach (ModalityEvaluation.SourceResult s in e.PerSource)
        {
            Line($"| {s.Source} | {s.Label} | {s.Groups} | {s.Clips} | {s.Accuracy:F3} | {(s.HeldOut ? "yes" : "no")} |");
        }

        Line($"");
        Line($"## Calibration and refusal");
        Line($"");
        Line($"Temperature {e.Temperature:F3}; expected calibration error {e.CalibrationErrorBefore:F3} before, {e.CalibrationErrorAfter:F3} after (fitted on the same answers).");
        Line($"Refused below a confidence of {e.MinConfidence:F3} (before the temperature): {e.RefusedShare:P1} of clips of learnt labels; of the others {e.AccuracyWhenAnswered:P1} are right.");
        Line($"");
        Line($"Inputs that are none of the labels; the network asked had seen no real picture of their modality, and none at all of the drawn kinds:");
        Line($"");
        Line($"| kind | n | refused |");
        Line($"| --- | --- | --- |");
        foreach (ModalityEvaluation.OutlierResult o in e.Outliers)
        {
            Line($"| {o.Kind} | {o.Count} | {o.RefusedShare:P0} |");
        }

        return text.ToString();
    }

    private static string TrainedOn(PhantomUse phantoms) => phantoms switch
    {
        PhantomUse.Added => "Trained on real and simulated pictures; every figure is on real ones.",
        PhantomUse.Only => "Trained on simulated pictures alone; every figure is on real ones.",
        _ => "Trained on real pictures alone.",
    };
}

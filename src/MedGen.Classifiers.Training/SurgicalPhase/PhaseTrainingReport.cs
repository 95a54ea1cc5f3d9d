using MedGen.Classifiers.Temporal;
using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;
using MedGen.Datasets.Reports;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>The report of a training run.</summary>
internal static class PhaseTrainingReport
{
    /// <summary>Writes the figures down.</summary>
    public static Report Of(PhaseTrainingEvaluation e)
    {
        Report report = new("Surgical phases: evaluation on test videos");
        report.Text($"Data: {e.Data}");
        report.Text(
            $"Split: {e.Train.Count} videos for training ({Ends(e.Train)}), {e.Validation.Count} for validation ({Ends(e.Validation)}),",
            $"{e.Test.Count} for the test ({Ends(e.Test)}); no video is in two.",
            $"{e.MeanSeconds:F0} s a video on average, one frame a second.",
            $"Frame network {e.FrameSteps} steps, temporal network {e.Epochs} epochs, seed {e.Seed}.",
            $"Every figure below is from the test videos and the shipped file.");
        report.Table(
            ["answer", "protocol", "accuracy (%)", "precision", "recall", "Jaccard", "edit", "segments per true one"],
            new (string Answer, PhaseEvaluation? Figures)[]
            {
                ("online", e.Online), ("online", e.OnlineRelaxed), ("online", e.OnlineRelaxedMatlab), ("offline", e.Offline),
            }.Where(row => row.Figures is not null).Select(row => Row(row.Answer, row.Figures!)));
        report.Text(
            $"Online: the most probable phase of a second, from that and earlier seconds only.",
            $"Offline: the course of the whole video, decoded with the workflow at {e.ChangeCost} nats a known change,",
            $"{e.ChangeCost * WorkflowDecoder.IllegalFactor} an unknown one (chosen on the validation videos).");
        report.Text(
            $"Temperature {e.Temperature:F3} (fitted on the validation videos); expected calibration error on the test videos",
            $"{e.CalibrationErrorBefore:F3} before, {e.CalibrationErrorAfter:F3} after.");
        report.Include(PhaseEvaluationReport.Of(e.Online));
        return report;
    }

    private static IReadOnlyList<ReportCell> Row(string answer, PhaseEvaluation f) => Report.Row(
        $"{answer}", $"{PhaseEvaluationReport.NameOf(f.Protocol)}", $"{f.AccuracyMean:F2} ± {f.AccuracyStd:F2}", $"{f.Precision:F2}",
        $"{f.Recall:F2}", $"{f.Jaccard:F2}",
        $"{f.Segments.Edit:F1}", $"{f.Segments.OverSegmentation:F2}");

    private static string Ends(IReadOnlyList<string> names) => names.Count == 1 ? names[0] : $"{names[0]} … {names[^1]}";
}

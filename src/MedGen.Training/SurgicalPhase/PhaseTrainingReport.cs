using System.Globalization;
using System.Text;
using MedGen.Training.SurgicalPhase.Evaluation;

namespace MedGen.Training.SurgicalPhase;

/// <summary>Prints the evaluation of a training run as Markdown.</summary>
internal static class PhaseTrainingReport
{
    public static string Write(PhaseTrainingEvaluation e)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"# Surgical phases: evaluation on test videos");
        Line($"");
        Line($"Data: {e.Data}");
        Line($"");
        Line($"Split: {e.Train.Count} videos for training ({Ends(e.Train)}), {e.Validation.Count} for validation ({Ends(e.Validation)}), {e.Test.Count} for the test ({Ends(e.Test)}); no video is in two.");
        Line($"{e.MeanSeconds:F0} s a video on average, one frame a second. Frame network {e.FrameSteps} steps, temporal network {e.Epochs} epochs, seed {e.Seed}.");
        Line($"Every figure below is from the test videos and the shipped file.");
        Line($"");
        Line($"| answer | protocol | accuracy (%) | precision | recall | Jaccard | edit | segments per true one |");
        Line($"| --- | --- | --- | --- | --- | --- | --- | --- |");
        Row("online", e.Online);
        Row("online", e.OnlineRelaxed);
        Row("online", e.OnlineRelaxedMatlab);
        Row("offline", e.Offline);
        Line($"");
        Line($"Online: the most probable phase of a second, from that and earlier seconds only. Offline: the course of the whole video, decoded with the");
        Line($"workflow at {e.ChangeCost} nats a known change, {e.ChangeCost * Torch.Networks.Temporal.WorkflowDecoder.IllegalFactor} an unknown one (chosen on the validation videos).");
        Line($"");
        Line($"Temperature {e.Temperature:F3} (fitted on the validation videos); expected calibration error on the test videos {e.CalibrationErrorBefore:F3} before, {e.CalibrationErrorAfter:F3} after.");
        Line($"");
        text.Append(PhaseEvaluationReport.Write(e.Online, heading: 2));
        return text.ToString();

        void Row(string answer, PhaseEvaluation? figures)
        {
            if (figures is { } f)
            {
                Line($"| {answer} | {PhaseEvaluationReport.NameOf(f.Protocol)} | {f.AccuracyMean:F2} ± {f.AccuracyStd:F2} | {f.Precision:F2} | {f.Recall:F2} | {f.Jaccard:F2} | {f.Segments.Edit:F1} | {f.Segments.OverSegmentation:F2} |");
            }
        }
    }

    private static string Ends(IReadOnlyList<string> names) => names.Count == 1 ? names[0] : $"{names[0]} … {names[^1]}";
}

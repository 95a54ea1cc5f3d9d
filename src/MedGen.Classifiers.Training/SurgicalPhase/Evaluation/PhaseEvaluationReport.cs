using System.Globalization;
using MedGen.Datasets.Reports;

namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>The report of a comparison of predicted with annotated phases.</summary>
public static class PhaseEvaluationReport
{
    /// <summary>Writes the figures down.</summary>
    /// <param name="e">The figures.</param>
    /// <returns>The report.</returns>
    public static Report Of(PhaseEvaluation e)
    {
        ArgumentNullException.ThrowIfNull(e);
        Report report = new($"Surgical phases: {NameOf(e.Protocol)} protocol");
        report.Text($"{e.Videos} videos, {e.Frames} frames at {e.Fps} fps.", $"{Rule(e)}");
        report.Table(["", "mean (%)", "std"],
        [
            Report.Row($"accuracy (over videos)", $"{e.AccuracyMean:F2}", $"{e.AccuracyStd:F2}"),
            Report.Row($"precision (over phases)", $"{Figure(e.Precision)}", $"{Figure(e.PrecisionStd)}"),
            Report.Row($"recall (over phases)", $"{Figure(e.Recall)}", $"{Figure(e.RecallStd)}"),
            Report.Row($"Jaccard (over phases)", $"{Figure(e.Jaccard)}", $"{Figure(e.JaccardStd)}"),
        ]);
        report.Table(["phase", "precision", "recall", "Jaccard"], e.Phases.Select((phase, p) => Report.Row(
            $"{phase}", $"{Spread(e.PrecisionPerPhase[p], e.PrecisionStdPerPhase[p])}", $"{Spread(e.RecallPerPhase[p], e.RecallStdPerPhase[p])}",
            $"{Spread(e.JaccardPerPhase[p], e.JaccardStdPerPhase[p])}")));
        SegmentalScores s = e.Segments;
        report.List(
        [
            F($"Segments: edit {s.Edit:F1}, F1@10 {s.F1At10:F1}, F1@25 {s.F1At25:F1}, F1@50 {s.F1At50:F1}; ")
                + F($"{s.OverSegmentation:F2} predicted for each true one."),
            F($"Transitions: delay median {Seconds(s.TransitionDelayMedian)}, 90th percentile {Seconds(s.TransitionDelayP90)}; ")
                + F($"{s.MissedTransitions} of {s.Transitions} missed."),
            .. e.CalibrationError is { } error ? [F($"Expected calibration error: {error:F3} (10 bins).")] : Array.Empty<string>(),
        ]);
        report.Text($"Frames by true phase (row) and predicted phase (column):");
        report.Confusion(e.Phases, e.Confusion);
        return report;
    }

    /// <summary>The name of a protocol as the command line spells it.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <returns>strict, relaxed or relaxed-matlab.</returns>
    public static string NameOf(PhaseProtocol protocol) => protocol switch
    {
        PhaseProtocol.Strict => "strict",
        PhaseProtocol.Relaxed => "relaxed",
        _ => "relaxed-matlab",
    };

    private static string Rule(PhaseEvaluation e) => e.Protocol switch
    {
        PhaseProtocol.Strict => "A frame is right when its phase is the true one.",
        PhaseProtocol.Relaxed => $"Neighbouring phases are forgiven within {e.BoundaryFrames} frames of a true boundary.",
        _ =>
            $"Neighbouring phases are forgiven within {e.BoundaryFrames} frames of a true boundary as the published script does it: its end mask "
                + "falls on the start of a segment.",
    };

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Figure(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "n/a";

    private static string Spread(double? mean, double? deviation) => mean is null ? "n/a" : $"{Figure(mean)} ± {Figure(deviation)}";

    private static string Seconds(double? value) => value is null ? "n/a" : value.Value.ToString("0.0 's'", CultureInfo.InvariantCulture);
}

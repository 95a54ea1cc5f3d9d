using System.Globalization;
using System.Text;

namespace MedGen.Training.SurgicalPhase.Evaluation;

/// <summary>Prints an evaluation as Markdown.</summary>
public static class PhaseEvaluationReport
{
    /// <summary>Writes the figures.</summary>
    /// <param name="e">The figures.</param>
    /// <param name="heading">Level of the headings, 1 to 5.</param>
    /// <returns>Markdown.</returns>
    public static string Write(PhaseEvaluation e, int heading = 1)
    {
        ArgumentNullException.ThrowIfNull(e);
        string hashes = new('#', heading);
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"{hashes} Surgical phases: {NameOf(e.Protocol)} protocol");
        Line($"");
        Line($"{e.Videos} videos, {e.Frames} frames at {e.Fps} fps. {Rule(e)}");
        Line($"");
        Line($"| | mean (%) | std |");
        Line($"| --- | --- | --- |");
        Line($"| accuracy (over videos) | {e.AccuracyMean:F2} | {e.AccuracyStd:F2} |");
        Line($"| precision (over phases) | {Figure(e.Precision)} | {Figure(e.PrecisionStd)} |");
        Line($"| recall (over phases) | {Figure(e.Recall)} | {Figure(e.RecallStd)} |");
        Line($"| Jaccard (over phases) | {Figure(e.Jaccard)} | {Figure(e.JaccardStd)} |");
        Line($"");
        Line($"| phase | precision | recall | Jaccard |");
        Line($"| --- | --- | --- | --- |");
        for (int p = 0; p < e.Phases.Count; p++)
        {
            Line($"| {e.Phases[p]} | {Spread(e.PrecisionPerPhase[p], e.PrecisionStdPerPhase[p])} | {Spread(e.RecallPerPhase[p], e.RecallStdPerPhase[p])} | {Spread(e.JaccardPerPhase[p], e.JaccardStdPerPhase[p])} |");
        }

        SegmentalScores s = e.Segments;
        Line($"");
        Line($"Segments: edit {s.Edit:F1}, F1@10 {s.F1At10:F1}, F1@25 {s.F1At25:F1}, F1@50 {s.F1At50:F1}; {s.OverSegmentation:F2} predicted for each true one.");
        Line($"Transitions: delay median {Seconds(s.TransitionDelayMedian)}, 90th percentile {Seconds(s.TransitionDelayP90)}; {s.MissedTransitions} of {s.Transitions} missed.");
        if (e.CalibrationError is { } error)
        {
            Line($"Expected calibration error: {error:F3} (10 bins).");
        }

        Line($"");
        Line($"Frames by true phase (row) and predicted phase (column):");
        Line($"");
        Line($"| | {string.Join(" | ", e.Phases)} |");
        Line($"| --- |{string.Concat(e.Phases.Select(_ => " --- |"))}");
        for (int p = 0; p < e.Phases.Count; p++)
        {
            Line($"| {e.Phases[p]} | {string.Join(" | ", e.Confusion[p])} |");
        }

        return text.ToString();
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
        _ => $"Neighbouring phases are forgiven within {e.BoundaryFrames} frames of a true boundary as the published script does it: its end mask falls on the start of a segment.",
    };

    private static string Figure(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "n/a";

    private static string Spread(double? mean, double? deviation) => mean is null ? "n/a" : $"{Figure(mean)} ± {Figure(deviation)}";

    private static string Seconds(double? value) => value is null ? "n/a" : value.Value.ToString("0.0 's'", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using MedGen.Datasets.Reports;
using MedGen.Sdk.Files;

namespace MedGen.Evaluation.Experiments;

/// <summary>Writes an experiment for people and for programs: <c>EXPERIMENT.md</c>, <c>experiment.html</c>, <c>experiment.json</c>.</summary>
public static class ExperimentReport
{
    /// <summary>Name of the report in the output folder.</summary>
    public const string FileName = "EXPERIMENT.md";

    private static readonly string[] Head = ["", "asked for", "clips", "recognised", "95 % interval", "simulated (ceiling)", "chance"];
    private static readonly string[] TrainedOn = ["trained on"];

    /// <summary>Writes the files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="result">What was found.</param>
    internal static void Write(string folder, ExperimentResult result)
    {
        Report report = Of(result);
        report.Write(folder, FileName);
        WholeFile.Write(Path.Combine(folder, "experiment.html"), report.ToHtml());
        WholeFile.Write(Path.Combine(folder, "experiment.json"), ReportJson.Text(result));
    }

    private static Report Of(ExperimentResult result)
    {
        Report report = new($"Experiment: {result.Name}");
        report.Text(
            $"{result.Question} {result.Origin.Model}, weights `{result.Origin.Hash[..16]}`; {result.Prompts} of {result.AllPrompts} prompts,",
            $"{result.Origin.ClipsPerPrompt} clips each from seed {result.Origin.Seed} on, none chosen; {result.Origin.Sampling}.",
            $"Judged by {string.Join(", ", result.Judges.Select(judge => $"{judge.Key} (`{judge.Value[..16]}`)"))}.");
        report.Section("Recognised as asked for");
        report.Figure(Picture("rows.svg", "Share recognised, by what was asked for", ExperimentPlot.Rows(result.Rows)));
        bool counts = result.Rows.Any(row => row.TrainedOn is not null);
        report.Table([.. Head, .. counts ? TrainedOn : []],
            result.Rows.Select(row => (IReadOnlyList<ReportCell>)
            [
                .. Report.Row(
                    $"{row.Series}", $"{row.Label}", $"{row.Clips}", $"{row.Right} ({row.Share:P0})", $"{row.Interval[0]:P0} to {row.Interval[1]:P0}",
                    $"{row.ReferenceRight} of {row.ReferenceClips}", $"{row.Chance:P0}"),
                .. counts ? Report.Row($"{row.TrainedOn}") : [],
            ]));
        foreach (IGrouping<string, ExperimentRow> series in result.Rows.GroupBy(row => row.Series))
        {
            report.Text(
                $"All of '{series.Key}': {series.Sum(row => row.Right)} of {series.Sum(row => row.Clips)} recognised; simulated clips",
                $"{series.Sum(row => row.ReferenceRight)} of {series.Sum(row => row.ReferenceClips)}.");
        }

        if (result.RankCorrelation is { } correlation)
        {
            report.Section("Against how often it was trained on");
            report.Figure(Picture("curve.svg", "Share recognised over training clips", ExperimentPlot.Curve(result.Rows)));
            report.Text(
                $"Spearman's rank correlation over concepts whose simulated clips are recognised better than chance:",
                $"{(double.IsFinite(correlation) ? correlation.ToString("0.00", CultureInfo.InvariantCulture) : "not defined")}.");
        }

        if (result.Figures.Count > 0)
        {
            report.Section("Side by side");
            report.Table(
                ["kind", "modality", "clips", "MMD", "floor", "motion", "simulated", "flicker", "simulated", "sharpness", "simulated"],
                result.Figures.Select(one => Report.Row(
                    $"{one.Kind}", $"{one.Modality}", $"{one.Clips}", $"{one.Discrepancy:0.0}", $"{one.Floor:0.0}", $"{one.Motion.Energy:0.00}",
                    $"{one.ReferenceMotion.Energy:0.00}", $"{one.Motion.Flicker:0.00}", $"{one.ReferenceMotion.Flicker:0.00}", $"{one.Sharpness:0.0}",
                    $"{one.ReferenceSharpness:0.0}")));
        }

        report.Section("Limits");
        report.List(result.Limits);
        return report;
    }

    /// <summary>A plot as a figure of a report.</summary>
    internal static ReportFigure Picture(string name, string caption, string svg) =>
        new() { FileName = name, Caption = caption, Content = Encoding.UTF8.GetBytes(svg) };
}

using System.Globalization;
using MedGen.Datasets.Reports;

namespace MedGen.Evaluation.Studies;

/// <summary>The results of arms as a table: means over the seeds.</summary>
internal static class ArmTable
{
    /// <summary>The columns.</summary>
    /// <param name="classes">The study's classes.</param>
    public static IReadOnlyList<string> Head(IReadOnlyList<string> classes) =>
    [
        "share", "arm", "examples", "balanced accuracy", "each seed", "macro-F1", "AUROC", "ECE", .. classes.Select(name => $"recall {name}"),
    ];

    /// <summary>An arm at a share.</summary>
    /// <param name="result">Its result.</param>
    public static IReadOnlyList<ReportCell> Row(ArmResult result) =>
    [
        .. Report.Row(
            $"{result.Fraction:P0}", $"{result.Arm}", $"{result.Examples:0.#}",
            $"{result.Scores.BalancedAccuracy:0.000} ({result.Low:0.000} to {result.High:0.000})",
            $"{string.Join(", ", result.EachSeed.Select(N))}", $"{result.Scores.MacroF1:0.000}", $"{result.Scores.Auroc:0.000}",
            $"{result.Scores.CalibrationError:0.000}"),
        .. result.Scores.Recall.Select(value => (ReportCell)N(value)),
    ];

    private static string N(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}

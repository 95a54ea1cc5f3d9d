using System.Globalization;
using MedGen.Datasets.Reports;

namespace MedGen.Evaluation.Studies;

/// <summary>The results of arms as a table: means over the seeds.</summary>
internal static class ArmTable
{
    /// <summary>Adds it.</summary>
    /// <param name="report">Where.</param>
    /// <param name="study">The study.</param>
    /// <param name="results">Arms at shares.</param>
    public static void Add(Report report, StudyReport study, IReadOnlyList<ArmResult> results)
    {
        if (study.Outcome == StudyOutcome.Number)
        {
            report.Table(
                ["share", "arm", "examples", "MAE", "each seed", "RMSE", "R²", "predicted − true", "calibration slope"],
                results.Select(NumberRow));
            return;
        }

        report.Table(
            [
                "share", "arm", "examples", "balanced accuracy", "each seed", "macro-F1", "AUROC", "ECE",
                .. study.Classes.Select(name => $"recall {name}"),
            ],
            results.Select(result => ClassRow(result, result.Scores!)));
    }

    private static IReadOnlyList<ReportCell> ClassRow(ArmResult result, ClassificationScores scores) =>
    [
        .. Report.Row(
            $"{result.Fraction:P0}", $"{result.Arm}", $"{result.Examples:0.#}",
            $"{scores.BalancedAccuracy:0.000} ({result.Low:0.000} to {result.High:0.000})",
            $"{string.Join(", ", result.EachSeed.Select(N))}", $"{scores.MacroF1:0.000}", $"{scores.Auroc:0.000}",
            $"{scores.CalibrationError:0.000}"),
        .. scores.Recall.Select(value => (ReportCell)N(value)),
    ];

    private static IReadOnlyList<ReportCell> NumberRow(ArmResult result) => Report.Row(
        $"{result.Fraction:P0}", $"{result.Arm}", $"{result.Examples:0.#}", $"{N(result.Numbers!.MeanAbsoluteError)}",
        $"{string.Join(", ", result.EachSeed.Select(N))}", $"{N(result.Numbers.RootMeanSquaredError)}", $"{N(result.Numbers.R2)}",
        $"{N(result.Numbers.Bias)}", $"{N(result.Numbers.CalibrationSlope)}");

    private static string N(IntervalEstimate estimate) => $"{N(estimate.Value)} ({N(estimate.Low)} to {N(estimate.High)})";

    private static string N(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}

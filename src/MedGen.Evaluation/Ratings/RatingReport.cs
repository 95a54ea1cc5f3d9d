using System.Globalization;
using MedGen.Datasets.Reports;
using MedGen.Sdk.Files;

namespace MedGen.Evaluation.Ratings;

/// <summary>Writes ratings for people and for programs: <c>RATINGS.md</c>, <c>ratings.html</c>, <c>ratings.json</c>.</summary>
public static class RatingReport
{
    /// <summary>Writes the files.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="summary">What the ratings come to.</param>
    public static void Write(string folder, RatingSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        Directory.CreateDirectory(folder);
        Report report = Of(summary);
        report.Write(folder, "RATINGS.md");
        WholeFile.Write(Path.Combine(folder, "ratings.html"), report.ToHtml());
        WholeFile.Write(Path.Combine(folder, "ratings.json"), ReportJson.Text(summary));
    }

    /// <summary>The report as Markdown.</summary>
    /// <param name="summary">What the ratings come to.</param>
    /// <returns>Markdown.</returns>
    public static string Text(RatingSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return Of(summary).ToMarkdown();
    }

    private static Report Of(RatingSummary summary)
    {
        Report report = new("Ratings by people");
        report.Text($"{summary.Answers} answers of {summary.Raters} raters. Intervals: 95 %, over prompts (2000 draws with replacement).");
        report.Section("Agreement");
        report.Table(["kind", "question", "pages of two raters or more", "alpha, nominal", "alpha, ordinal", "alpha, interval"],
            summary.Agreement.Select(one => Report.Row(
                $"{one.Kind}", $"{one.Question}", $"{one.Units}", $"{N(one.Nominal)}", $"{N(one.Ordinal)}", $"{N(one.Interval)}")));
        report.Text($"Krippendorff's alpha: 1 all agree, 0 as chance would. –: not defined, of one rater or where all answers are the same.");
        if (summary.Means.Count > 0)
        {
            report.Section("Means on the scale of 1 to 5");
            report.Table(["question", "first seconds", "system", "answers", "mean", "interval"], summary.Means.Select(one => Report.Row(
                $"{one.Question}", $"{one.Seconds?.ToString(CultureInfo.InvariantCulture) ?? "all"}", $"{one.System}", $"{one.Answers}",
                $"{one.Mean:0.00}", $"{N(one.Low)} to {N(one.High)}")));
            report.Text($"Of `warping_error` 1 is best, of all others 5.");
        }

        if (summary.WinRates.Count > 0)
        {
            report.Section("Comparisons");
            report.Table(["question", "system", "against", "answers", "ties", "win rate", "interval"], summary.WinRates.Select(one => Report.Row(
                $"{one.Question}", $"{one.System}", $"{one.Other}", $"{one.Answers}", $"{one.Ties}", $"{one.Rate:P0}",
                $"{N(one.Low)} to {N(one.High)}")));
            report.Text($"A tie is half a win for both. Bradley-Terry strengths, with the sum 1:");
            report.Table(["question", "strengths"], summary.Strengths.Select(one => Report.Row($"{one.Question}", $"{Strengths(one)}")));
        }

        if (summary.Totals.Count > 0)
        {
            report.Section("Total of Med-VBench");
            report.Table(["system", "automatic part (automatic)", "warping error (human)", "total"], summary.Totals.Select(one => Report.Row(
                $"{one.System}", $"{one.Automatic:0.00}", $"{one.WarpingError:0.00}", $"{one.Total:0.00}")));
            report.Text(
                $"Total: ((100 − WE) + IQ + SC + BC + MS) / 6. WE is 100 (mean − 1) / 4 of our scale; how the paper asked for it is not published,",
                $"so totals of different questionnaires are near each other at best.");
        }

        return report;
    }

    private static string Strengths(RatingStrengths one) => one.Strengths is { } known
        ? string.Join(", ", known.OrderByDescending(pair => pair.Value).Select(pair => string.Create(
            CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:0.000}")))
        : "not defined: some systems never lost against all others, or nothing joins them";

    private static string N(double value) => double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : "–";
}

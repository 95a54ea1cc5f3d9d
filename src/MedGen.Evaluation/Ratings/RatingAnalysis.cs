using System.Globalization;
using System.Text.Json;
using MedGen.Datasets.Ratings;
using MedGen.Datasets.Reports;
using MedGen.Evaluation.VBench.Results;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.Ratings;

/// <summary>Sums ratings up.</summary>
public static class RatingAnalysis
{
    /// <summary>Reads the automatic part that <c>evaluate vbench</c> measured.</summary>
    /// <param name="path">Its <c>vbench.json</c>.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="InvalidInputException">It is missing, no such file, or has no automatic part.</exception>
    public static double ReadAutomatic(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidInputException("vbench", $"there is no file '{path}'.");
        }

        try
        {
            BenchmarkResult result = JsonSerializer.Deserialize<BenchmarkResult>(File.ReadAllBytes(path), ReportJson.Lines)!;
            return result.Automatic
                ?? throw new InvalidInputException("vbench", $"'{path}' has no automatic part: VBench's networks did not measure all of it.");
        }
        catch (JsonException broken)
        {
            throw new InvalidInputException("vbench", $"'{path}' is no vbench.json: {broken.Message}");
        }
    }

    /// <summary>Sums up.</summary>
    /// <param name="rows">The answers.</param>
    /// <param name="automatic">Automatic part by system, in percent.</param>
    /// <returns>Agreement, means, win rates, strengths, totals.</returns>
    /// <exception cref="InvalidInputException">An automatic part is of a system that nobody rated the warping error of.</exception>
    public static RatingSummary Of(IReadOnlyList<RatingRow> rows, IReadOnlyDictionary<string, double> automatic)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(automatic);
        RatingMean[] means =
        [
            .. rows.Where(row => row.Kind != RatingKind.Pairwise).GroupBy(row => (row.Question, row.Seconds, row.System))
                .OrderBy(group => group.Key.Question, StringComparer.Ordinal).ThenBy(group => group.Key.Seconds)
                .ThenBy(group => group.Key.System, StringComparer.Ordinal).Select(Mean),
        ];
        return new RatingSummary
        {
            Raters = rows.Select(row => row.Rater).Distinct().Count(),
            Answers = rows.Count,
            Agreement =
            [
                .. rows.GroupBy(row => (row.Kind, row.Question)).OrderBy(group => group.Key).Select(group => Agreement(group.Key, [.. group])),
            ],
            Means = means,
            WinRates =
            [
                .. rows.Where(row => row.Kind == RatingKind.Pairwise).GroupBy(row => (row.Question, row.System, row.Other))
                    .OrderBy(group => group.Key).Select(Rate),
            ],
            Strengths =
            [
                .. rows.Where(row => row.Kind == RatingKind.Pairwise).GroupBy(row => row.Question).OrderBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => new RatingStrengths(group.Key, Strengths([.. group]))),
            ],
            Totals = [.. automatic.Select(one => Total(one.Key, one.Value, means))],
        };
    }

    private static RatingAgreement Agreement((RatingKind Kind, string Question) key, RatingRow[] rows)
    {
        // Of a comparison: the system named first is 0, the other 1, a tie between them.
        double[][] units = [.. rows.GroupBy(row => row.Item).Select(page => page.Select(Number).ToArray())];
        bool isScale = key.Kind != RatingKind.Pairwise;
        return new RatingAgreement(
            key.Kind.ToString().ToLowerInvariant(), key.Question, units.Count(unit => unit.Length > 1),
            KrippendorffAlpha.Of(units, MeasurementLevel.Nominal),
            isScale ? KrippendorffAlpha.Of(units, MeasurementLevel.Ordinal) : double.NaN,
            isScale ? KrippendorffAlpha.Of(units, MeasurementLevel.Interval) : double.NaN);
    }

    private static RatingMean Mean(IGrouping<(string Question, int? Seconds, string System), RatingRow> group)
    {
        double[][] prompts = Prompts(group, Number);
        (double low, double high) = ClusterBootstrap.Interval(prompts);
        return new RatingMean(
            group.Key.Question, group.Key.Seconds, group.Key.System, group.Count(), prompts.SelectMany(prompt => prompt).Average(), low, high);
    }

    private static WinRate Rate(IGrouping<(string Question, string System, string Other), RatingRow> group)
    {
        double[][] prompts = Prompts(group, row => 1 - Number(row));
        (double low, double high) = ClusterBootstrap.Interval(prompts);
        return new WinRate(
            group.Key.Question, group.Key.System, group.Key.Other, group.Count(), group.Count(row => row.Answer == RatingQuestion.Tie),
            prompts.SelectMany(prompt => prompt).Average(), low, high);
    }

    private static Dictionary<string, double>? Strengths(RatingRow[] rows)
    {
        string[] systems = [.. rows.SelectMany(row => new[] { row.System, row.Other }).Distinct().Order(StringComparer.Ordinal)];
        double[,] wins = new double[systems.Length, systems.Length];
        foreach (RatingRow row in rows)
        {
            (int first, int second) = (Array.IndexOf(systems, row.System), Array.IndexOf(systems, row.Other));
            wins[first, second] += 1 - Number(row);
            wins[second, first] += Number(row);
        }

        return BradleyTerry.Fit(wins)?.Zip(systems).ToDictionary(one => one.Second, one => one.First);
    }

    private static RatedTotal Total(string system, double automatic, RatingMean[] means)
    {
        RatingMean rated = Array.Find(means, mean => mean.Question == RatingQuestion.WarpingError && mean.System == system)
            ?? throw new InvalidInputException(
                "vbench",
                $"nobody rated the warping error of '{system}' on the scale; rated: "
                    + $"{string.Join(", ", means.Where(mean => mean.Question == RatingQuestion.WarpingError).Select(mean => mean.System))}.");
        double error = 100 * (rated.Mean - RatingQuestion.Lowest) / (RatingQuestion.Highest - RatingQuestion.Lowest);
        return new RatedTotal(system, error, automatic, MedVBench.Total(automatic, error));
    }

    private static double[][] Prompts(IEnumerable<RatingRow> rows, Func<RatingRow, double> number) =>
        [.. rows.GroupBy(row => row.Prompt).Select(prompt => prompt.Select(number).ToArray())];

    private static double Number(RatingRow row) => row.Kind == RatingKind.Pairwise
        ? row.Answer == RatingQuestion.Tie ? 0.5 : row.Answer == row.System ? 0 : 1
        : double.Parse(row.Answer, CultureInfo.InvariantCulture);
}

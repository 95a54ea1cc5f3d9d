using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Datasets.Files;

namespace MedGen.Training.Studies;

/// <summary>Writes a study for people and for programs: <c>STUDY.md</c>, <c>study.html</c> (all in one file) and <c>study.json</c>.</summary>
public static class StudyPages
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the files.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="report">What was found.</param>
    public static void Write(string folder, StudyReport report)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(report);
        WholeFile.Write(Path.Combine(folder, "study.json"), JsonSerializer.Serialize(report, Json) + "\n");
        WholeFile.Write(Path.Combine(folder, "STUDY.md"), Markdown(report));
        WholeFile.Write(Path.Combine(folder, "study.html"), Html(report));
    }

    /// <summary>The verdicts, a line each.</summary>
    /// <param name="report">What was found.</param>
    /// <returns>Sentences.</returns>
    public static IReadOnlyList<string> Verdicts(StudyReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            .. report.Results.Where(result => result.Verdict.Length > 0).Select(result => string.Create(
                CultureInfo.InvariantCulture, $"{result.Arm}, {result.Fraction:P0} of the patients: {result.Verdict}{Figures(result)}.")),
        ];
    }

    // Figures beside "nothing can be said" would be read all the same.
    private static string Figures(ArmResult result) => result.Verdict.StartsWith(StudyVerdict.Nothing, StringComparison.Ordinal) ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $" ({result.Difference:+0.000;−0.000;0.000}, 95 % interval {result.DifferenceLow:+0.000;−0.000;0.000} to {result.DifferenceHigh:+0.000;−0.000;0.000}, p = {result.AdjustedP:0.000} after Holm)");

    private static string Markdown(StudyReport report)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# {report.Name}\n\n## Verdict\n{StudyVerdict.Rules(report.LeastTestPatients)}\n\n");
        foreach (string line in Verdicts(report))
        {
            text.Append("- ").Append(line).Append('\n');
        }

        text.Append("\n## Results\nBalanced accuracy with its 95 % interval, by patient; means over the seeds.\n\n");
        foreach (IReadOnlyList<string> row in Rows(report))
        {
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
            if (row[0] == "share")
            {
                text.Append('|').Append(string.Concat(Enumerable.Repeat("---|", row.Count))).Append('\n');
            }
        }

        text.Append("\n## How\n");
        foreach (string line in How(report))
        {
            text.Append("- ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string Html(StudyReport report)
    {
        StringBuilder text = new();
        text.Append("<!doctype html><meta charset=utf-8><title>").Append(E(report.Name)).Append("</title><style>body{font:15px/1.5 sans-serif;max-width:1100px;margin:2em auto;padding:0 1em}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.3em .6em;text-align:left}</style>");
        text.Append("<h1>").Append(E(report.Name)).Append("</h1><h2>Verdict</h2><p>").Append(E(StudyVerdict.Rules(report.LeastTestPatients))).Append("</p><ul>");
        foreach (string line in Verdicts(report))
        {
            text.Append("<li>").Append(E(line)).Append("</li>");
        }

        text.Append("</ul><h2>Results</h2>").Append(StudyChart.Svg(report)).Append("<table>");
        foreach (IReadOnlyList<string> row in Rows(report))
        {
            string tag = row[0] == "share" ? "th" : "td";
            text.Append("<tr>").AppendJoin("", row.Select(cell => $"<{tag}>{E(cell)}</{tag}>")).Append("</tr>");
        }

        text.Append("</table><h2>How</h2><ul>").AppendJoin("", How(report).Select(line => $"<li>{E(line)}</li>")).Append("</ul>\n");
        return text.ToString();
    }

    private static IReadOnlyList<string> Head(StudyReport report) =>
        ["share", "arm", "examples", "balanced accuracy", "each seed", "macro-F1", "AUROC", "ECE", .. report.Classes.Select(name => $"recall {name}")];

    private static IEnumerable<IReadOnlyList<string>> Rows(StudyReport report) =>
    [
        Head(report),
        .. report.Results.Select(result => (IReadOnlyList<string>)
        [
            result.Fraction.ToString("P0", CultureInfo.InvariantCulture), result.Arm, N(result.Examples, "0.#"), $"{N(result.Scores.BalancedAccuracy)} ({N(result.Low)} to {N(result.High)})",
            string.Join(", ", result.EachSeed.Select(value => N(value))), N(result.Scores.MacroF1), N(result.Scores.Auroc), N(result.Scores.CalibrationError), .. result.Scores.Recall.Select(value => N(value)),
        ]),
    ];

    private static IReadOnlyList<string> How(StudyReport report) =>
    [
        $"Classifier: {report.Classifier}. Penalty {N(report.Penalty, "0.###")}, chosen on the validation clips for the baseline alone; {report.Steps} steps in every arm; classes weigh the same.",
        $"{report.Seeds} seeds: each draws other patients (the same for every arm) and other made clips. A made clip is used only when all patients that it was made from were drawn.",
        "Intervals and tests: bootstrap of test patients within their classes, paired over the arms. Test clips are real, and no method has seen them.",
        .. report.Counts,
        .. report.Pools,
        report.IsBaselineConstant ? "The baseline gives one answer for all test clips in at least one seed." : "The baseline gives more than one answer in every seed.",
        "For research on augmentation; says nothing about a clinical use.",
    ];

    private static string N(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);

    private static string E(string text) => WebUtility.HtmlEncode(text);
}

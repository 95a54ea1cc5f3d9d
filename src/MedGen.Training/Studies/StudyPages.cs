using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Datasets.Files;

namespace MedGen.Training.Studies;

/// <summary>
/// Writes a study for people and for programs: <c>STUDY.md</c> with <c>bars.png</c> and <c>samples/</c>, <c>study.html</c> (all in one file) and <c>study.json</c>.
/// </summary>
public static class StudyPages
{
    /// <summary>The bars beside STUDY.md.</summary>
    internal const string BarsName = "bars.png";

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
        byte[] bars = StudyBars.Png(report);
        WholeFile.Write(Path.Combine(folder, BarsName), path => File.WriteAllBytes(path, bars));
        foreach (StudySample sample in report.Samples)
        {
            string picture = Path.Combine(folder, sample.FileName);
            Directory.CreateDirectory(Path.GetDirectoryName(picture)!);
            WholeFile.Write(picture, path => File.WriteAllBytes(path, sample.Png));
        }

        WholeFile.Write(Path.Combine(folder, "study.json"), JsonSerializer.Serialize(report, Json) + "\n");
        WholeFile.Write(Path.Combine(folder, "STUDY.md"), StudyMarkdown.Text(report));
        WholeFile.Write(Path.Combine(folder, "study.html"), StudyHtml.Text(report, bars));
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
            .. report.LeftOut.Select(arm => string.Create(
                CultureInfo.InvariantCulture, $"{arm.Arm}, {arm.Fraction:P0} of the patients: left out, since no clip of it was kept that depends on the drawn patients alone.")),
        ];
    }

    // Figures beside "nothing can be said" would be read all the same.
    private static string Figures(ArmResult result) => result.Verdict.StartsWith(StudyVerdict.Nothing, StringComparison.Ordinal) ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $" ({result.Difference:+0.000;−0.000;0.000}, 95 % interval {result.DifferenceLow:+0.000;−0.000;0.000} to {result.DifferenceHigh:+0.000;−0.000;0.000}, p = {result.AdjustedP:0.000} after Holm)");
}

using System.Globalization;
using System.Text;
using MedGen.Sdk.Files;
using MedGen.Datasets.Reports;
using MedGen.Datasets.Writing;

namespace MedGen.Evaluation.Studies;

/// <summary>
/// Writes a study for people and for programs: <c>STUDY.md</c> with its figures and <c>samples/</c>, <c>study.html</c> (all in one file),
/// <c>study.json</c> and <c>predictions.csv</c>.
/// </summary>
public static class StudyPages
{
    /// <summary>Writes the files.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="study">What was found.</param>
    public static void Write(string folder, StudyReport study)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Report report = Of(study);
        WholeFile.Write(Path.Combine(folder, "study.json"), ReportJson.Text(study));
        WholeFile.Write(Path.Combine(folder, "predictions.csv"), Predictions(study));
        report.Write(folder, "STUDY.md");
        WholeFile.Write(Path.Combine(folder, "study.html"), report.ToHtml());
    }

    /// <summary>The verdicts, a line each.</summary>
    /// <param name="study">What was found.</param>
    /// <returns>Sentences.</returns>
    public static IReadOnlyList<string> Verdicts(StudyReport study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return
        [
            .. study.Results.Where(result => result.Verdict.Length > 0).Select(result => string.Create(
                CultureInfo.InvariantCulture, $"{result.Arm}, {result.Fraction:P0} of the patients: {result.Verdict}{Figures(result)}.")),
            .. study.LeftOut.Select(arm => string.Create(
                CultureInfo.InvariantCulture,
                $"{arm.Arm}, {arm.Fraction:P0} of the patients: left out, since no clip of it was kept that depends on the drawn patients alone.")),
        ];
    }

    private static string Predictions(StudyReport study)
    {
        StringBuilder csv = new();
        CsvText.AppendLine(csv, ["share", "arm", "seed", "patient", "truth", .. study.Classes.Select(name => $"p_{name}")]);
        foreach (StudyPrediction one in study.Predictions)
        {
            CsvText.AppendLine(
                csv,
                [N(one.Fraction, "0.####"), one.Arm, N(one.Seed, "0"), one.Patient, one.Truth, .. one.Probabilities.Select(p => N(p, "0.######"))]);
        }

        return csv.ToString();
    }

    // Figures beside "nothing can be said" would be read all the same.
    private static string Figures(ArmResult result) => result.Verdict.StartsWith(StudyVerdict.Nothing, StringComparison.Ordinal) ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $" ({result.Difference:+0.000;−0.000;0.000}, 95 % interval {result.DifferenceLow:+0.000;−0.000;0.000} to "
            + $"{result.DifferenceHigh:+0.000;−0.000;0.000}, for all comparisons together {result.AdjustedLow:+0.000;−0.000;0.000} to "
            + $"{result.AdjustedHigh:+0.000;−0.000;0.000}; p = {result.P:0.0000}, {result.AdjustedP:0.000} after Holm)");

    private static Report Of(StudyReport study)
    {
        Report report = new(study.Name);
        report.Section("Verdict");
        report.Text($"{StudyVerdict.Rules(study.MinTestPatients, study.EquivalenceMargin)}");
        report.List(Verdicts(study));
        Results(report, study);
        if (study.Pools.Count > 0)
        {
            Pools(report, study);
        }

        Samples(report, study);
        Methods(report, study);
        return report;
    }

    private static void Results(Report report, StudyReport study)
    {
        report.Section("Results");
        report.Figure(new() { FileName = "bars.png", Caption = "Balanced accuracy of every arm with all patients", Content = StudyBars.Png(study) });
        report.Figure(
            new()
            {
                FileName = "curves.svg",
                Caption = "Balanced accuracy of every arm over the share of the training patients",
                Content = Encoding.UTF8.GetBytes(StudyChart.Svg(study)),
            });
        report.Text($"Balanced accuracy with its 95 % interval, by patient; means over the seeds.");
        report.Table(
            ["share", "arm", "examples", "balanced accuracy", "each seed", "macro-F1", "AUROC", "ECE",
                .. study.Classes.Select(name => $"recall {name}")],
            study.Results.Select(result => (IReadOnlyList<ReportCell>)
            [
                .. Report.Row(
                    $"{result.Fraction:P0}", $"{result.Arm}", $"{result.Examples:0.#}",
                    $"{result.Scores.BalancedAccuracy:0.000} ({result.Low:0.000} to {result.High:0.000})",
                    $"{string.Join(", ", result.EachSeed.Select(value => N(value)))}", $"{result.Scores.MacroF1:0.000}",
                    $"{result.Scores.Auroc:0.000}", $"{result.Scores.CalibrationError:0.000}"),
                .. result.Scores.Recall.Select(value => (ReportCell)N(value)),
            ]));
    }

    private static void Pools(Report report, StudyReport study)
    {
        report.Section("Yield and privacy");
        report.Table(["pool", "methods", "made", "kept", "yield", "rejected"], study.Pools.Select(pool => Report.Row(
            $"{pool.Name}", $"{string.Join(", ", pool.Methods)}", $"{pool.Made}", $"{pool.Kept}", $"{Share(pool.Kept, pool.Made)}",
            $"{(pool.Rejected.Count == 0 ? "none" : string.Join(", ", pool.Rejected.Select(one => $"{one.Key} {one.Value}")))}")));
        report.List(study.Pools.Select(Privacy));
    }

    private static string Privacy(PoolReport pool)
    {
        if (pool.Generated == 0)
        {
            return $"{pool.Name}: no clip was generated by a model, so none was checked. Altered clips are copies by design and need the protection "
                + "of the recordings; simulated ones come from no patient.";
        }

        IEnumerable<string> bins = pool.Correlations.Index().Where(bin => bin.Item > 0)
            .Select(bin => $"{N(bin.Index / (double)PoolReport.Bins, "0.0")} to {N((bin.Index + 1) / (double)PoolReport.Bins, "0.0")}: {bin.Item}");
        string found = pool.PrivacyLimit is { } limit
            ? $"τ = {N(limit)}; {pool.RejectedForPrivacy} of {pool.Generated} generated clips ({Share(pool.RejectedForPrivacy, pool.Generated)}) "
                + "were rejected because they correlate more than that with a training clip"
            : $"the check was turned off for {pool.Generated} generated clips";
        return $"{pool.Name}: {found}. Greatest correlation to a training clip, generated clips: {string.Join(", ", bins)}.";
    }

    private static void Samples(Report report, StudyReport study)
    {
        report.Section("Samples");
        report.Text(
            $"The first kept clips of each pool, the classes in turns, beside real training clips; not chosen by their looks.",
            $"{SampleSheet.FramesPerClip} frames from first to last, as the classifier gets them.",
            $"All but the real ones are synthetic.");
        report.Table(["pool", "label", "prompt or caption", "source", "frames"], study.Samples.Select(sample => (IReadOnlyList<ReportCell>)
        [
            .. Report.Row($"{sample.Pool}", $"{sample.Label}", $"{sample.Prompt ?? "–"}", $"{sample.Source}"),
            new ReportFigure { FileName = sample.FileName, Caption = $"{sample.Pool}, {sample.Label}", Content = sample.Png },
        ]));
    }

    private static void Methods(Report report, StudyReport study)
    {
        report.Section("Methods");
        report.List(
        [
            $"Classifier: {study.Classifier}. Penalty {N(study.Penalty, "0.###")}, chosen on the validation clips for the baseline alone; "
                + $"{study.Steps} steps in every arm; classes weigh the same.",
            $"{study.Seeds} seeds: each draws its patients with replacement (the same for every arm) and other made clips, and trains anew. A made "
                + "clip is used only when all patients that it was made from were drawn.",
            "Intervals: nested bootstrap of test patients within their classes and of the seeds, paired over the arms; those for all comparisons "
                + "together are normal, with Bonferroni's level. Tests: sign flips of each test patient's difference, exact for up to 16 patients "
                + "that differ. The smallest difference that would have been shown is for 80 % power. No method, filter or adapter of this study was "
                + "given a test clip.",
            .. study.Pools.Select(pool => $"{pool.Name}: {GeneratorsFile.Statement(pool.Generators)}"),
            .. study.Counts,
            study.IsBaselineConstant
                ? "The baseline gives one answer for all test clips at a share of the patients, in at least one seed: nothing can be said there."
                : "The baseline gives more than one answer at every share, in every seed.",
            "For research on augmentation; says nothing about a clinical use.",
        ]);
    }

    private static string Share(int part, int whole) => whole == 0 ? "–" : ((double)part / whole).ToString("P0", CultureInfo.InvariantCulture);

    private static string N(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);
}

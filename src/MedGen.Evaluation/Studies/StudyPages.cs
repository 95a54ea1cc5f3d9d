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
            .. Verdicts(study.Results),
            .. study.LeftOut.Select(arm => string.Create(
                CultureInfo.InvariantCulture,
                $"{arm.Arm}, {arm.Fraction:P0} of the patients: left out, since no clip of it was kept that depends on the drawn patients alone.")),
        ];
    }

    /// <summary>The verdicts of some results, a line each.</summary>
    /// <param name="results">The results; the baseline's have none.</param>
    internal static IEnumerable<string> Verdicts(IEnumerable<ArmResult> results) => results.Where(result => result.Verdict.Length > 0)
        .Select(result => string.Create(
            CultureInfo.InvariantCulture, $"{result.Arm}, {result.Fraction:P0} of the patients: {result.Verdict}{Figures(result)}."));

    private static string Predictions(StudyReport study)
    {
        StringBuilder csv = new();
        IEnumerable<string> answers = study.Outcome == StudyOutcome.Number ? ["prediction"] : study.Classes.Select(name => $"p_{name}");
        CsvText.AppendLine(csv, ["set", "share", "arm", "seed", "patient", "truth", .. answers]);
        foreach (StudyPrediction one in study.Predictions)
        {
            CsvText.AppendLine(
                csv,
                [
                    one.Set, N(one.Fraction, "0.####"), one.Arm, N(one.Seed, "0"), one.Patient, one.Truth,
                    .. one.Answer.Select(p => N(p, "0.######")),
                ]);
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
        report.Text($"{StudyVerdict.Rules(study.MinTestPatients, study.EquivalenceMargin, study.Outcome)}");
        report.List(Verdicts(study));
        Results(report, study);
        StudyDetails.Add(report, study);
        if (study.Pools.Count > 0)
        {
            Pools(report, study);
        }

        Samples(report, study);
        StudyMethods.Add(report, study);
        return report;
    }

    private static void Results(Report report, StudyReport study)
    {
        report.Section("Results");
        string measure = StudyPlot.MeasureOf(study);
        report.Figure(new() { FileName = "bars.png", Caption = $"{measure} of every arm with all patients", Content = StudyBars.Png(study) });
        report.Figure(
            new()
            {
                FileName = "curves.svg",
                Caption = $"{measure} of every arm over the share of the training patients",
                Content = Encoding.UTF8.GetBytes(StudyChart.Svg(study)),
            });
        report.Text($"{measure} with its 95 % interval, by patient; means over the seeds.");
        ArmTable.Add(report, study, study.Results);
    }

    private static void Pools(Report report, StudyReport study)
    {
        report.Section("Yield, fidelity and privacy");
        report.Table(["pool", "methods", "made", "kept", "yield", "rejected"], study.Pools.Select(pool => Report.Row(
            $"{pool.Name}", $"{string.Join(", ", pool.Methods)}", $"{pool.Made}", $"{pool.Kept}", $"{Share(pool.Kept, pool.Made)}",
            $"{(pool.Rejected.Count == 0 ? "none" : string.Join(", ", pool.Rejected.Select(one => $"{one.Key} {one.Value}")))}")));
        Fidelity(report, study);
        report.List(study.Pools.Select(Privacy));
    }

    private static void Fidelity(Report report, StudyReport study)
    {
        (string Name, PoolFidelity? Fidelity)[] all =
            [("real test clips", study.RealFidelity), .. study.Pools.Select(pool => (pool.Name, pool.Fidelity))];
        (string Name, PoolFidelity? Fidelity)[] rows = [.. all.Where(row => row.Fidelity is not null)];
        if (rows.Length == 0)
        {
            report.Text($"Fidelity: there are fewer than {PoolFidelity.Fewest} real training clips, or as few kept ones, so nothing is compared.");
            return;
        }

        report.Text(
            $"How the kept clips lie to the real training clips, by {study.Features}, in principal components of the real ones.",
            $"The test clips are the measure of what can be reached; fewer than {PoolFidelity.Fewest} clips are not compared.");
        report.Table(
            ["clips", "number", "Fréchet distance", "precision", "recall", "coverage", "authenticity"],
            rows.Select(row => Report.Row(
                $"{row.Name}", $"{row.Fidelity!.Clips}", $"{row.Fidelity.Frechet:0.00}", $"{row.Fidelity.Precision:0.00}",
                $"{row.Fidelity.Recall:0.00}", $"{row.Fidelity.Coverage:0.00}", $"{row.Fidelity.Authenticity:0.00}")));
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
        string learnt = pool.Reidentification is { } report ? $" {PrivacyFile.Statement(report, pool.Generated)}" : "";
        return $"{pool.Name}: {found}.{learnt} Greatest correlation to a training clip, generated clips: {string.Join(", ", bins)}.";
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

    private static string Share(int part, int whole) => whole == 0 ? "–" : ((double)part / whole).ToString("P0", CultureInfo.InvariantCulture);

    private static string N(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using MedGen.Datasets.Reports;

namespace MedGen.Evaluation.Studies;

/// <summary>What stands behind a study's figures: confusion and reliability, or calibration, and clips of another source.</summary>
internal static class StudyDetails
{
    /// <summary>Adds the sections.</summary>
    public static void Add(Report report, StudyReport study)
    {
        Behind(report, study, study.Results, "");

        if (study.External is { } external)
        {
            report.Section("Clips of another source");
            report.Text(
                $"The same trainings on {string.Join("; ", external.Counts)}.",
                $"Nothing was chosen by them. Tests and intervals are corrected for the comparisons on these clips alone.");
            report.List(StudyPages.Verdicts(external.Results));
            ArmTable.Add(report, study, external.Results);
            Behind(report, study, external.Results, "-external");
        }
    }

    private static void Behind(Report report, StudyReport study, IReadOnlyList<ArmResult> results, string suffix)
    {
        if (study.Outcome == StudyOutcome.Number)
        {
            report.Figure(Calibration($"calibration{suffix}.svg", results));
            return;
        }

        Confusion(report, study.Classes, results);
        if (results.Any(result => result.Reliability.Count > 0))
        {
            report.Figure(Reliability($"reliability{suffix}.svg", results));
        }
    }

    private static ReportFigure Calibration(string file, IReadOnlyList<ArmResult> results) => new()
    {
        FileName = file,
        Caption = "Calibration of every arm with all patients: mean true number over mean predicted one, by tenths of the answers",
        Content = Encoding.UTF8.GetBytes(StudyCalibration.Svg(results)),
    };

    private static void Confusion(Report report, IReadOnlyList<string> classes, IReadOnlyList<ArmResult> results)
    {
        report.Text($"Clips by class (row) and answer (column), all patients, means over the seeds.");
        report.Table(
            ["arm", "class", .. classes.Select(name => $"answered {name}")],
            results.Where(result => result.Fraction == 1)
                .SelectMany(result => result.Confusion.Zip(classes, (row, name) => Row(result.Arm, name, row))));
    }

    private static IReadOnlyList<ReportCell> Row(string arm, string name, IReadOnlyList<double> counts) =>
        [arm, name, .. counts.Select(count => (ReportCell)count.ToString("0.#", CultureInfo.InvariantCulture))];

    private static ReportFigure Reliability(string file, IReadOnlyList<ArmResult> results) => new()
    {
        FileName = file,
        Caption = "Reliability of every arm with all patients: share of right answers over their confidence",
        Content = Encoding.UTF8.GetBytes(StudyReliability.Svg(results)),
    };
}

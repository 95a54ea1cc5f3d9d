using System.Globalization;
using MedGen.Datasets.Reports;
using MedGen.Datasets.Writing;

namespace MedGen.Evaluation.Studies;

/// <summary>How a study was done: points, and a paragraph for a paper's methods section.</summary>
internal static class StudyMethods
{
    /// <summary>Adds the sections.</summary>
    public static void Add(Report report, StudyReport study)
    {
        bool isNumber = study.Outcome == StudyOutcome.Number;
        report.Section("Methods");
        report.List(
        [
            $"Classifier: {study.Classifier}. {Training(study)}; {(isNumber ? "clips" : "classes")} weigh the same.",
            $"{study.Seeds} seeds: each draws its patients with replacement (the same for every arm) and other made clips, and trains anew. A made "
                + "clip is used only when all patients that it was made from were drawn.",
            $"Intervals: nested bootstrap of test patients{(isNumber ? "" : " within their classes")} and of the seeds, paired over the arms; "
                + "those for all comparisons "
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
        report.Section("For a paper");
        report.Text(
            $"What this program knows of what TRIPOD+AI and CLAIM ask for.",
            $"Who the patients are, and how they were recruited, labelled and asked for consent, is for the authors to add.");
        report.Text([.. Paragraph(study)]);
    }

    private static string Training(StudyReport study) => study.Penalty is { } penalty
        ? $"Penalty {penalty.ToString("0.###", CultureInfo.InvariantCulture)}, chosen on the validation clips for the baseline alone; "
            + (study.Outcome == StudyOutcome.Number ? "solved exactly in every arm" : $"{study.Steps} steps in every arm")
        : "The command alone knows how it trains; it was given the same tables and seeds for every arm, and no label of a test clip";

    private static IEnumerable<FormattableString> Paragraph(StudyReport study)
    {
        bool isNumber = study.Outcome == StudyOutcome.Number;
        string baseline = study.Results[0].Arm;
        int arms = study.Results.Select(result => result.Arm).Distinct().Count() - 1;
        yield return $"We compared {arms} {(arms == 1 ? "way" : "ways")} of augmenting the training data with '{baseline}'.";
        yield return isNumber
            ? $"The outcome is the number that a clip is labelled with."
            : (FormattableString)$"The outcome is the class of a clip: {string.Join(", ", study.Classes)}.";
        yield return $"Clips were split by patient before anything else was done: {string.Join("; ", study.Counts)}.";
        yield return $"The model was {study.Classifier}.";
        yield return $"It was trained {study.Seeds} times for each arm and each share of the training patients, on patients drawn with replacement.";
        if (study.Pools.Count > 0)
        {
            yield return $"Synthetic clips were made from training patients alone ({string.Join("; ", study.Pools.Select(pool =>
                $"{pool.Name}: {string.Join(", ", pool.Methods)}, {pool.Kept} of {pool.Made} clips kept"))}).";
        }

        yield return $"The primary measure is {StudyPlot.MeasureOf(study).ToLowerInvariant()} on real test clips.";
        yield return $"Its 95 % intervals are from a nested bootstrap over patients and trainings.";
        yield return $"Differences from the baseline {(isNumber ? "in absolute error " : "")}were tested by sign flips over patients.";
        yield return $"Their p was corrected for all comparisons by Holm's method.";
        yield return $"Differences within ±{study.EquivalenceMargin:0.###} were called equivalent by two one-sided tests.";
        string within = isNumber ? "" : " in a class";
        yield return $"No verdict was given with fewer than {study.MinTestPatients} test patients{within} (here {study.FewestTestPatients}).";
        yield return isNumber
            ? $"Root mean squared error, R² and calibration (bias, slope, predicted against true) are reported for every arm."
            : (FormattableString)$"Discrimination (AUROC), calibration (expected error, reliability) and confusion are reported for every arm.";
        yield return study.External is { } external
            ? $"The trained models were measured on clips of another source as well ({string.Join("; ", external.Counts)})."
            : (FormattableString)$"No external test set was used.";
    }
}

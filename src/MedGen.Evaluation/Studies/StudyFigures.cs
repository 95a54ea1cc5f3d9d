using System.Globalization;

namespace MedGen.Evaluation.Studies;

/// <summary>The results of all arms on one set of clips, each beside the baseline of its share.</summary>
/// <param name="spec">The study.</param>
/// <param name="clips">The clips; none: nothing is kept.</param>
/// <param name="classes">The study's classes.</param>
internal sealed class StudyFigures(StudySpec spec, IReadOnlyList<StudyExample> clips, string[] classes)
{
    private readonly List<(ArmResult Result, double[][][] Answers)> _all = [];
    private readonly StudyStatistics? _statistics = clips.Count == 0 ? null : new(
        spec, [.. clips.Select(example => example.Patient)], MeasureOf(spec.Outcome, clips, classes));

    /// <summary>Patients of the class that has fewest, where a class without a clip has none; of all clips where the outcome is a number.</summary>
    public int FewestPatients => spec.Outcome == StudyOutcome.Number
        ? PatientsOf(clips)
        : classes.Min(name => PatientsOf(clips.Where(example => example.Class == name)));

    /// <summary>Takes an arm's answers; of each share the baseline's first.</summary>
    /// <param name="arm">Its name.</param>
    /// <param name="fraction">Share of the training patients.</param>
    /// <param name="examples">Training examples, mean over the trainings.</param>
    /// <param name="answers">Answers by training and clip: probabilities of the classes, or one number.</param>
    public void Add(string arm, double fraction, double examples, double[][][] answers)
    {
        if (_statistics is null)
        {
            return;
        }

        ArmResult result = _statistics.Of(arm, fraction, examples, answers);
        (ArmResult Result, double[][][] Answers) baseline = _all.Find(one => one.Result.Fraction == fraction);
        _all.Add((baseline.Result is null ? result : _statistics.Against(result, answers, baseline.Result, baseline.Answers), answers));
    }

    /// <summary>Corrects the tests for their number and gives the verdicts.</summary>
    public IReadOnlyList<ArmResult> Judge() => _statistics!.Judge([.. _all.Select(one => one.Result)], FewestPatients);

    /// <summary>Every answer to every clip.</summary>
    /// <param name="set">What the clips are called.</param>
    public IEnumerable<StudyPrediction> Predictions(string set) => _all.SelectMany(one => one.Answers.Index().SelectMany(training => clips.Zip(
        training.Item, (example, answer) => new StudyPrediction(
            one.Result.Arm, one.Result.Fraction, training.Index, example.Patient, Truth(example), answer) { Set = set })));

    private static IStudyMeasure MeasureOf(StudyOutcome outcome, IReadOnlyList<StudyExample> clips, string[] classes)
    {
        string[] patients = [.. clips.Select(example => example.Patient)];
        return outcome == StudyOutcome.Number
            ? new NumberMeasure(patients, [.. clips.Select(example => example.Number)])
            : new ClassMeasure(patients, [.. clips.Select(example => Array.IndexOf(classes, example.Class))], classes.Length);
    }

    private static int PatientsOf(IEnumerable<StudyExample> of) => of.Select(example => example.Patient).Distinct().Count();

    private string Truth(StudyExample example) =>
        spec.Outcome == StudyOutcome.Number ? example.Number.ToString("R", CultureInfo.InvariantCulture) : example.Class;
}

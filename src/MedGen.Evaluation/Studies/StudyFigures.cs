namespace MedGen.Evaluation.Studies;

/// <summary>The results of all arms on one set of clips, each beside the baseline of its share.</summary>
/// <param name="spec">The study.</param>
/// <param name="clips">The clips; none: nothing is kept.</param>
/// <param name="classes">The study's classes.</param>
internal sealed class StudyFigures(StudySpec spec, IReadOnlyList<StudyExample> clips, string[] classes)
{
    private readonly List<ArmResult> _results = [];
    private readonly List<(ArmResult Result, double[][][] Answers)> _all = [];
    private readonly StudyStatistics? _statistics = clips.Count == 0 ? null : new(
        spec, [.. clips.Select(example => example.Patient)], [.. clips.Select(example => Array.IndexOf(classes, example.Class))], classes.Length);

    /// <summary>Patients of the class that has fewest; a class without a clip has none.</summary>
    public int FewestPatients =>
        classes.Min(name => clips.Where(example => example.Class == name).Select(example => example.Patient).Distinct().Count());

    /// <summary>Takes an arm's answers; of each share the baseline's first.</summary>
    /// <param name="arm">Its name.</param>
    /// <param name="fraction">Share of the training patients.</param>
    /// <param name="examples">Training examples, mean over the trainings.</param>
    /// <param name="answers">Probabilities by training, clip and class.</param>
    public void Add(string arm, double fraction, double examples, double[][][] answers)
    {
        if (_statistics is null)
        {
            return;
        }

        ArmResult result = _statistics.Of(arm, fraction, examples, answers);
        (ArmResult Result, double[][][] Answers) baseline = _all.Find(one => one.Result.Fraction == fraction);
        _results.Add(baseline.Result is null ? result : _statistics.Against(result, answers, baseline.Result, baseline.Answers));
        _all.Add((result, answers));
    }

    /// <summary>Corrects the tests for their number and gives the verdicts.</summary>
    public IReadOnlyList<ArmResult> Judge() => _statistics!.Judge(_results, FewestPatients);

    /// <summary>Every answer to every clip.</summary>
    /// <param name="set">What the clips are called.</param>
    public IEnumerable<StudyPrediction> Predictions(string set) => _all.SelectMany(one => one.Answers.Index().SelectMany(training => clips.Zip(
        training.Item, (example, answer) => new StudyPrediction(
            one.Result.Arm, one.Result.Fraction, training.Index, example.Patient, example.Class, answer) { Set = set })));
}

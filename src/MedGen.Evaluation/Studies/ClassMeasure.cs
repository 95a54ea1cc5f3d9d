namespace MedGen.Evaluation.Studies;

/// <summary>Balanced accuracy, and the other figures of classes.</summary>
/// <param name="patients">Patient of each test clip.</param>
/// <param name="truth">Class of each test clip.</param>
/// <param name="classes">How many classes there are.</param>
internal sealed class ClassMeasure(IReadOnlyList<string> patients, int[] truth, int classes) : IStudyMeasure
{
    public IReadOnlyList<int> Strata => truth;

    public double Primary(double[][] answers, IReadOnlyList<int> clips)
    {
        int[] seen = new int[classes];
        int[] hit = new int[classes];
        foreach (int clip in clips)
        {
            seen[truth[clip]]++;
            hit[truth[clip]] += ClassificationScores.Best(answers[clip]) == truth[clip] ? 1 : 0;
        }

        return Enumerable.Range(0, classes).Where(c => seen[c] > 0).Average(c => (double)hit[c] / seen[c]);
    }

    public double[] DifferencesByPatient(double[][][] arm, double[][][] baseline) =>
        SignFlipTest.DifferencesByPatient(patients, truth, Best(arm), Best(baseline));

    public bool IsConstant(double[][] answers) => answers.Select(ClassificationScores.Best).Distinct().Count() == 1;

    public ArmResult Describe(ArmResult result, double[][][] answers, PatientBootstrap bootstrap)
    {
        ClassificationScores[] each = [.. answers.Select(training => ClassificationScores.Of(truth, training, classes))];
        int[][] best = Best(answers);
        return result with
        {
            Scores = new ClassificationScores(
                each.Average(s => s.BalancedAccuracy), each.Average(s => s.MacroF1), each.Average(s => s.Auroc),
                each.Average(s => s.CalibrationError), [.. Enumerable.Range(0, classes).Select(c => each.Average(s => s.Recall[c]))]),
            Confusion =
            [
                .. Enumerable.Range(0, classes).Select(row => (IReadOnlyList<double>)[.. Enumerable.Range(0, classes).Select(column =>
                    best.Average(training => truth.Index().Count(one => one.Item == row && training[one.Index] == column)))]),
            ],
            Reliability = Reliability(answers),
        };
    }

    private ReliabilityBin[] Reliability(double[][][] answers) =>
    [
        .. answers.SelectMany(training => training.Select(
                (answer, clip) => (Confidence: answer.Max(), IsRight: ClassificationScores.Best(answer) == truth[clip])))
            .GroupBy(one => Math.Min(ClassificationScores.Bins - 1, (int)(one.Confidence * ClassificationScores.Bins))).OrderBy(bin => bin.Key)
            .Select(bin => new ReliabilityBin(bin.Count(), bin.Average(one => one.Confidence), bin.Average(one => one.IsRight ? 1.0 : 0))),
    ];

    private static int[][] Best(double[][][] answers) => [.. answers.Select(training => training.Select(ClassificationScores.Best).ToArray())];
}

namespace MedGen.Evaluation.Studies;

/// <summary>From the answers of trained classifiers to figures, intervals, tests and verdicts.</summary>
/// <param name="spec">The study.</param>
/// <param name="patients">Patient of each test clip.</param>
/// <param name="truth">Class of each test clip.</param>
/// <param name="classes">How many classes there are.</param>
internal sealed class StudyStatistics(StudySpec spec, IReadOnlyList<string> patients, int[] truth, int classes)
{
    // Holm asks of the smallest p that it is below 0.05 / comparisons; the smallest that can be drawn is then a tenth of that.
    private const int FlipsPerComparison = 200;

    private readonly PatientBootstrap _bootstrap = new(patients, truth, spec.Seeds, spec.Resamples, spec.Seed);
    private readonly int _comparisons = Math.Max(1, (spec.Arms.Count - 1) * spec.Fractions.Count);

    /// <summary>The figures of an arm by itself.</summary>
    /// <param name="arm">Its name.</param>
    /// <param name="fraction">Share of the training patients.</param>
    /// <param name="examples">Training examples, mean over the trainings.</param>
    /// <param name="answers">Probabilities by training, test clip and class.</param>
    public ArmResult Of(string arm, double fraction, double examples, double[][][] answers)
    {
        ClassificationScores[] each = [.. answers.Select(training => ClassificationScores.Of(truth, training, classes))];
        (double low, double high) = PatientBootstrap.Interval(Distribution(answers));
        return new ArmResult
        {
            Arm = arm,
            Fraction = fraction,
            Examples = examples,
            Scores = new ClassificationScores(
                each.Average(s => s.BalancedAccuracy), each.Average(s => s.MacroF1), each.Average(s => s.Auroc),
                each.Average(s => s.CalibrationError), [.. Enumerable.Range(0, classes).Select(c => each.Average(s => s.Recall[c]))]),
            EachSeed = [.. each.Select(s => s.BalancedAccuracy)],
            Low = low,
            High = high,
            Confusion =
            [
                .. Enumerable.Range(0, classes).Select(row => (IReadOnlyList<double>)[.. Enumerable.Range(0, classes).Select(column =>
                    Best(answers).Average(training => truth.Index().Count(one => one.Item == row && training[one.Index] == column)))]),
            ],
            Reliability = Reliability(answers),
            IsConstant = Best(answers).Any(training => training.Distinct().Count() == 1),
        };
    }

    /// <summary>The same, compared with the baseline at the same share.</summary>
    /// <param name="result">The arm by itself.</param>
    /// <param name="answers">Its answers.</param>
    /// <param name="baseline">The baseline by itself.</param>
    /// <param name="baselineAnswers">Its answers.</param>
    public ArmResult Against(ArmResult result, double[][][] answers, ArmResult baseline, double[][][] baselineAnswers)
    {
        double[] differences = [.. Distribution(answers).Zip(Distribution(baselineAnswers), (a, b) => a - b)];
        double difference = result.Scores.BalancedAccuracy - baseline.Scores.BalancedAccuracy;
        (double low, double high) = PatientBootstrap.Interval(differences);
        (double adjustedLow, double adjustedHigh) = PatientBootstrap.AdjustedInterval(difference, differences, _comparisons);
        return result with
        {
            Difference = difference,
            DifferenceLow = low,
            DifferenceHigh = high,
            AdjustedLow = adjustedLow,
            AdjustedHigh = adjustedHigh,
            MinDetectable = PatientBootstrap.MinDetectable(differences, _comparisons),
            IsEquivalent = PatientBootstrap.IsWithin(differences, spec.EquivalenceMargin),
            P = SignFlipTest.PValue(
                SignFlipTest.DifferencesByPatient(patients, truth, Best(answers), Best(baselineAnswers)),
                Math.Max(spec.Resamples, FlipsPerComparison * _comparisons), spec.Seed),
        };
    }

    /// <summary>Corrects the tests for their number and gives the verdicts.</summary>
    /// <param name="results">All arms at all shares.</param>
    /// <param name="fewestPatients">Test patients of the class that has fewest.</param>
    public ArmResult[] Judge(IReadOnlyList<ArmResult> results, int fewestPatients)
    {
        string baseline = spec.Arms[0].Name;
        Queue<double> adjusted = new(PatientBootstrap.Holm([.. results.Where(result => result.Arm != baseline).Select(result => result.P)]));
        double[] constantShares = [.. results.Where(result => result.Arm == baseline && result.IsConstant).Select(result => result.Fraction)];
        return
        [
            .. results.Select(result =>
            {
                if (result.Arm == baseline)
                {
                    return result;
                }

                ArmResult corrected = result with { AdjustedP = adjusted.Dequeue() };
                return corrected with { Verdict = StudyVerdict.Of(corrected, spec, constantShares.Contains(result.Fraction), fewestPatients) };
            }),
        ];
    }

    private ReliabilityBin[] Reliability(double[][][] answers) =>
    [
        .. answers.SelectMany(training => training.Select(
                (answer, clip) => (Confidence: answer.Max(), IsRight: ClassificationScores.Best(answer) == truth[clip])))
            .GroupBy(one => Math.Min(ClassificationScores.Bins - 1, (int)(one.Confidence * ClassificationScores.Bins))).OrderBy(bin => bin.Key)
            .Select(bin => new ReliabilityBin(bin.Count(), bin.Average(one => one.Confidence), bin.Average(one => one.IsRight ? 1.0 : 0))),
    ];

    private static int[][] Best(double[][][] answers) => [.. answers.Select(training => training.Select(ClassificationScores.Best).ToArray())];

    private double[] Distribution(double[][][] answers)
    {
        int[][] best = Best(answers);
        return _bootstrap.Distribution(sample => sample.Trainings.CountBy(training => training)
            .Sum(training => training.Value * Balanced(best[training.Key], sample.Clips)) / sample.Trainings.Length);
    }

    private double Balanced(int[] best, int[] clips)
    {
        int[] seen = new int[classes];
        int[] hit = new int[classes];
        foreach (int clip in clips)
        {
            seen[truth[clip]]++;
            hit[truth[clip]] += best[clip] == truth[clip] ? 1 : 0;
        }

        return Enumerable.Range(0, classes).Where(c => seen[c] > 0).Average(c => (double)hit[c] / seen[c]);
    }
}

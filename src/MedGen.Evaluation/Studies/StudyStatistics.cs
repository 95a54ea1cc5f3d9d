namespace MedGen.Evaluation.Studies;

/// <summary>From the answers of trained classifiers to figures, intervals, tests and verdicts.</summary>
/// <param name="spec">The study.</param>
/// <param name="patients">Patient of each test clip.</param>
/// <param name="measure">How answers to the test clips are measured.</param>
internal sealed class StudyStatistics(StudySpec spec, IReadOnlyList<string> patients, IStudyMeasure measure)
{
    // Holm asks of the smallest p that it is below 0.05 / comparisons; the smallest that can be drawn is then a tenth of that.
    private const int FlipsPerComparison = 200;

    private readonly PatientBootstrap _bootstrap = new(patients, measure.Strata, spec.Seeds, spec.Resamples, spec.Seed);
    private readonly int _comparisons = Math.Max(1, (spec.Arms.Count - 1) * spec.Fractions.Count);

    /// <summary>Of classes.</summary>
    /// <param name="spec">The study.</param>
    /// <param name="patients">Patient of each test clip.</param>
    /// <param name="truth">Class of each test clip.</param>
    /// <param name="classes">How many classes there are.</param>
    public StudyStatistics(StudySpec spec, IReadOnlyList<string> patients, int[] truth, int classes)
        : this(spec, patients, new ClassMeasure(patients, truth, classes))
    {
    }

    /// <summary>The figures of an arm by itself.</summary>
    /// <param name="arm">Its name.</param>
    /// <param name="fraction">Share of the training patients.</param>
    /// <param name="examples">Training examples, mean over the trainings.</param>
    /// <param name="answers">Answers by training and test clip: probabilities of the classes, or one number.</param>
    public ArmResult Of(string arm, double fraction, double examples, double[][][] answers)
    {
        int[] all = [.. Enumerable.Range(0, measure.Strata.Count)];
        (double low, double high) = PatientBootstrap.Interval(_bootstrap.Distribution(answers, measure.Primary));
        ArmResult result = new()
        {
            Arm = arm,
            Fraction = fraction,
            Examples = examples,
            EachSeed = [.. answers.Select(training => measure.Primary(training, all))],
            Low = low,
            High = high,
            IsConstant = answers.Any(measure.IsConstant),
        };
        return measure.Describe(result, answers, _bootstrap);
    }

    /// <summary>The same, compared with the baseline at the same share.</summary>
    /// <param name="result">The arm by itself.</param>
    /// <param name="answers">Its answers.</param>
    /// <param name="baseline">The baseline by itself.</param>
    /// <param name="baselineAnswers">Its answers.</param>
    public ArmResult Against(ArmResult result, double[][][] answers, ArmResult baseline, double[][][] baselineAnswers)
    {
        double[] differences =
        [
            .. _bootstrap.Distribution(answers, measure.Primary).Zip(_bootstrap.Distribution(baselineAnswers, measure.Primary), (a, b) => a - b),
        ];
        double difference = result.Primary - baseline.Primary;
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
            IsEquivalent = PatientBootstrap.IsWithin(differences, spec.Margin),
            P = SignFlipTest.PValue(
                measure.DifferencesByPatient(answers, baselineAnswers), Math.Max(spec.Resamples, FlipsPerComparison * _comparisons), spec.Seed),
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
}

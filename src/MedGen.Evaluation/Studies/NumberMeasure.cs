namespace MedGen.Evaluation.Studies;

/// <summary>Mean absolute error, and the other figures of numbers. An answer is one number.</summary>
/// <param name="patients">Patient of each test clip.</param>
/// <param name="truth">Number of each test clip.</param>
internal sealed class NumberMeasure(IReadOnlyList<string> patients, double[] truth) : IStudyMeasure
{
    private const int Groups = 10;

    public IReadOnlyList<int> Strata { get; } = new int[truth.Length];

    public double Primary(double[][] answers, IReadOnlyList<int> clips) => clips.Average(clip => Math.Abs(answers[clip][0] - truth[clip]));

    public double[] DifferencesByPatient(double[][][] arm, double[][][] baseline)
    {
        double Error(double[][][] answers, int clip) => answers.Average(training => Math.Abs(training[clip][0] - truth[clip]));
        return
        [
            .. Enumerable.Range(0, truth.Length).GroupBy(clip => patients[clip])
                .Select(own => own.Sum(clip => Error(arm, clip) - Error(baseline, clip)) / truth.Length),
        ];
    }

    public bool IsConstant(double[][] answers) => answers.Select(answer => answer[0]).Distinct().Count() == 1;

    public ArmResult Describe(ArmResult result, double[][][] answers, PatientBootstrap bootstrap)
    {
        NumberScores scores = new()
        {
            MeanAbsoluteError = Estimate(Primary),
            RootMeanSquaredError = Estimate((training, clips) => Math.Sqrt(clips.Average(clip => Square(training[clip][0] - truth[clip])))),
            R2 = Estimate(Explained),
            Bias = Estimate((training, clips) => clips.Average(clip => training[clip][0] - truth[clip])),
            CalibrationSlope = Estimate(Slope),
            Calibration = Calibration(answers),
        };
        return result with { Numbers = scores };

        IntervalEstimate Estimate(Func<double[][], IReadOnlyList<int>, double> figure)
        {
            int[] all = [.. Enumerable.Range(0, truth.Length)];
            (double low, double high) = PatientBootstrap.Interval(bootstrap.Distribution(answers, figure));
            return new IntervalEstimate(answers.Average(training => figure(training, all)), low, high);
        }
    }

    private double Explained(double[][] answers, IReadOnlyList<int> clips)
    {
        double mean = clips.Average(clip => truth[clip]);
        return 1 - (clips.Sum(clip => Square(answers[clip][0] - truth[clip])) / clips.Sum(clip => Square(truth[clip] - mean)));
    }

    private double Slope(double[][] answers, IReadOnlyList<int> clips)
    {
        (double predicted, double mean) = (clips.Average(clip => answers[clip][0]), clips.Average(clip => truth[clip]));
        return clips.Sum(clip => (answers[clip][0] - predicted) * (truth[clip] - mean)) / clips.Sum(clip => Square(answers[clip][0] - predicted));
    }

    private CalibrationGroup[] Calibration(double[][][] answers)
    {
        (double Predicted, double True)[] all =
            [.. answers.SelectMany(training => training.Select((answer, clip) => (answer[0], truth[clip]))).OrderBy(one => one.Item1)];
        return
        [
            .. all.Index().GroupBy(one => one.Index * Math.Min(Groups, all.Length) / all.Length).Select(own => new CalibrationGroup(
                own.Count(), own.Average(one => one.Item.Predicted), own.Average(one => one.Item.True))),
        ];
    }

    private static double Square(double value) => value * value;
}

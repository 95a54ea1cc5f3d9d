namespace MedGen.Evaluation.Studies;

/// <summary>
/// Intervals over patients and trainings: test patients are drawn with replacement, class by class, and all clips of a drawn patient come along; the
/// trainings, each of which had drawn its own patients, are drawn with replacement, too (a nested bootstrap).
/// </summary>
internal sealed class PatientBootstrap
{
    private readonly Sample[] _samples;

    /// <param name="patients">Patient of each test clip.</param>
    /// <param name="truth">Class of each test clip, or whatever patients are drawn within.</param>
    /// <param name="trainings">Trainings of an arm.</param>
    /// <param name="resamples">Number of samples.</param>
    /// <param name="seed">Seed of the draws.</param>
    public PatientBootstrap(IReadOnlyList<string> patients, IReadOnlyList<int> truth, int trainings, int resamples, int seed)
    {
        Random random = new(seed);
        int[][][] strata = [.. patients.Index().GroupBy(one => one.Item).GroupBy(patient => truth[patient.First().Index]).OrderBy(own => own.Key)
            .Select(own => own.Select(patient => patient.Select(one => one.Index).ToArray()).ToArray())];
        _samples =
        [
            .. Enumerable.Range(0, resamples).Select(_ => new Sample(
                [.. strata.SelectMany(own => Enumerable.Range(0, own.Length).SelectMany(_ => own[random.Next(own.Length)]))],
                [.. Enumerable.Range(0, trainings).Select(_ => random.Next(trainings))])),
        ];
    }

    /// <summary>A statistic of each sample.</summary>
    public double[] Distribution(Func<Sample, double> statistic) => [.. _samples.AsParallel().AsOrdered().Select(statistic)];

    /// <summary>A figure of each sample, mean over its trainings.</summary>
    /// <param name="answers">Answers by training and test clip.</param>
    /// <param name="figure">The figure of a training on some of the clips.</param>
    public double[] Distribution(double[][][] answers, Func<double[][], IReadOnlyList<int>, double> figure) => Distribution(
        sample => sample.Trainings.CountBy(training => training).Sum(training => training.Value * figure(answers[training.Key], sample.Clips))
            / sample.Trainings.Length);

    /// <summary>The 95 % percentile interval.</summary>
    public static (double Low, double High) Interval(double[] distribution)
    {
        double[] sorted = [.. distribution.Where(double.IsFinite).Order()];
        return sorted.Length == 0
            ? (double.NaN, double.NaN)
            : (sorted[(int)(0.025 * (sorted.Length - 1))], sorted[(int)Math.Ceiling(0.975 * (sorted.Length - 1))]);
    }

    /// <summary>An interval for several comparisons at once (Bonferroni), normal around the estimate with the samples' standard deviation.</summary>
    /// <param name="estimate">The estimate.</param>
    /// <param name="distribution">Its samples.</param>
    /// <param name="comparisons">How many comparisons the 95 % hold for together.</param>
    public static (double Low, double High) AdjustedInterval(double estimate, double[] distribution, int comparisons)
    {
        double half = -Normal.Quantile(0.025 / comparisons) * Deviation(distribution);
        return (estimate - half, estimate + half);
    }

    /// <summary>The smallest difference that would have been shown in 80 of 100 such studies.</summary>
    /// <param name="distribution">Samples of the difference.</param>
    /// <param name="comparisons">Comparisons of the study, by whose number the level is divided.</param>
    public static double MinDetectable(double[] distribution, int comparisons) =>
        (-Normal.Quantile(0.025 / comparisons) - Normal.Quantile(0.2)) * Deviation(distribution);

    /// <summary>Whether the difference is smaller than a margin either way: its 90 % interval lies within (two one-sided tests at 5 %).</summary>
    public static bool IsWithin(double[] distribution, double margin)
    {
        double[] sorted = [.. distribution.Where(double.IsFinite).Order()];
        return sorted.Length > 0
            && sorted[(int)(0.05 * (sorted.Length - 1))] > -margin && sorted[(int)Math.Ceiling(0.95 * (sorted.Length - 1))] < margin;
    }

    /// <summary>Holm's correction (1979): adjusted values in the order given.</summary>
    public static double[] Holm(IReadOnlyList<double> values)
    {
        double[] adjusted = new double[values.Count];
        double most = 0;
        foreach ((int rank, int index) in Enumerable.Range(0, values.Count).OrderBy(i => values[i]).Index())
        {
            most = Math.Max(most, Math.Min(1, (values.Count - rank) * values[index]));
            adjusted[index] = most;
        }

        return adjusted;
    }

    private static double Deviation(double[] distribution)
    {
        double[] finite = [.. distribution.Where(double.IsFinite)];
        double mean = finite.Average();
        return Math.Sqrt(finite.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, finite.Length - 1));
    }

    /// <summary>What is drawn for one sample.</summary>
    /// <param name="Clips">Indices of test clips.</param>
    /// <param name="Trainings">Indices of trainings.</param>
    internal sealed record Sample(int[] Clips, int[] Trainings);
}

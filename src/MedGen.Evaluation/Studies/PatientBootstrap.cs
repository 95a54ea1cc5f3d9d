namespace MedGen.Evaluation.Studies;

/// <summary>
/// Intervals and paired tests over patients: patients are drawn with replacement, class by class, and all clips of a drawn patient come along.
/// </summary>
internal sealed class PatientBootstrap
{
    private readonly int[][] _samples; // clip indices

    /// <param name="patients">Patient of each test clip.</param>
    /// <param name="truth">Class of each test clip.</param>
    /// <param name="resamples">Number of samples.</param>
    /// <param name="seed">Seed of the draws.</param>
    public PatientBootstrap(IReadOnlyList<string> patients, IReadOnlyList<int> truth, int resamples, int seed)
    {
        Random random = new(seed);
        int[][][] strata = [.. patients.Index().GroupBy(one => one.Item).GroupBy(patient => truth[patient.First().Index]).OrderBy(own => own.Key)
            .Select(own => own.Select(patient => patient.Select(one => one.Index).ToArray()).ToArray())];
        _samples =
            [.. Enumerable.Range(0,
                resamples).Select(_ =>
                    strata.SelectMany(own => Enumerable.Range(0, own.Length).SelectMany(_ => own[random.Next(own.Length)])).ToArray())];
    }

    /// <summary>A statistic of each sample.</summary>
    public double[] Distribution(Func<int[], double> statistic) => [.. _samples.AsParallel().AsOrdered().Select(statistic)];

    /// <summary>The 95 % percentile interval.</summary>
    public static (double Low, double High) Interval(double[] distribution)
    {
        double[] sorted = [.. distribution.Where(double.IsFinite).Order()];
        return sorted.Length == 0
            ? (double.NaN, double.NaN)
            : (sorted[(int)(0.025 * (sorted.Length - 1))], sorted[(int)Math.Ceiling(0.975 * (sorted.Length - 1))]);
    }

    /// <summary>Two-sided probability of a difference of the other sign, or none; never 0, because the samples are finite.</summary>
    public static double PValue(double[] differences)
    {
        int below = differences.Count(d => d <= 0);
        int above = differences.Count(d => d >= 0);
        return Math.Min(1, 2.0 * (Math.Min(below, above) + 1) / (differences.Length + 1));
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
}

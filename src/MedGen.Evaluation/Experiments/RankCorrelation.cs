namespace MedGen.Evaluation.Experiments;

/// <summary>Spearman's rank correlation; equal values share the mean of their ranks.</summary>
internal static class RankCorrelation
{
    /// <summary>Computes it.</summary>
    /// <param name="x">Values.</param>
    /// <param name="y">As many.</param>
    /// <returns>−1 to 1; NaN: fewer than three pairs, or one side is constant.</returns>
    public static double Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count < 3)
        {
            return double.NaN;
        }

        double[] a = Ranks(x);
        double[] b = Ranks(y);
        double mean = a.Average(); // the same of both
        double product = a.Zip(b, (first, second) => (first - mean) * (second - mean)).Sum();
        double scale = Math.Sqrt(a.Sum(value => (value - mean) * (value - mean)) * b.Sum(value => (value - mean) * (value - mean)));
        return scale > 0 ? product / scale : double.NaN;
    }

    private static double[] Ranks(IReadOnlyList<double> values) =>
        [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) - 1) / 2.0))];
}

namespace MedGen.Evaluation.Ratings;

/// <summary>Intervals of figures over answers: prompts are drawn with replacement, and all answers of a drawn prompt come along.</summary>
internal static class ClusterBootstrap
{
    private const int Draws = 2000;

    /// <summary>The 95 % percentile interval of a mean.</summary>
    /// <param name="clusters">The values of each prompt.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <returns>Its ends; NaN: of fewer than two prompts nothing can be said.</returns>
    public static (double Low, double High) Interval(IReadOnlyList<IReadOnlyList<double>> clusters, int seed = 1)
    {
        if (clusters.Count < 2)
        {
            return (double.NaN, double.NaN);
        }

        Random random = new(seed);
        (double Sum, int Count)[] sums = [.. clusters.Select(cluster => (cluster.Sum(), cluster.Count))];
        double[] means =
        [
            .. Enumerable.Range(0, Draws).Select(_ =>
            {
                (double Sum, int Count)[] drawn = [.. sums.Select(_ => sums[random.Next(sums.Length)])];
                return drawn.Sum(one => one.Sum) / drawn.Sum(one => one.Count);
            }).Order(),
        ];
        return (means[(int)(0.025 * (Draws - 1))], means[(int)Math.Ceiling(0.975 * (Draws - 1))]);
    }
}

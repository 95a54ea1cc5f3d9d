namespace MedGen.Evaluation.Experiments;

/// <summary>Intervals of shares.</summary>
internal static class Proportion
{
    private const double Z = 1.959964;

    /// <summary>The 95 % score interval of a share (Wilson 1927), which holds for few cases, too.</summary>
    /// <param name="right">Cases that count.</param>
    /// <param name="all">All cases.</param>
    /// <returns>Its two ends; NaN of no case.</returns>
    public static IReadOnlyList<double> Wilson(int right, int all)
    {
        if (all == 0)
        {
            return [double.NaN, double.NaN];
        }

        double share = (double)right / all;
        double middle = (share + (Z * Z / (2 * all))) / (1 + (Z * Z / all));
        double half = Z / (1 + (Z * Z / all)) * Math.Sqrt((share * (1 - share) / all) + (Z * Z / (4.0 * all * all)));
        return [Math.Max(0, middle - half), Math.Min(1, middle + half)];
    }
}

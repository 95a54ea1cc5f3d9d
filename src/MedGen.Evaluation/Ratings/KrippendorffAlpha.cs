namespace MedGen.Evaluation.Ratings;

/// <summary>
/// Agreement of raters: 1 − observed over expected disagreement (Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011). 1: all agree; 0: as
/// chance would; any number of raters, answers may be missing.
/// </summary>
public static class KrippendorffAlpha
{
    /// <summary>Computes alpha.</summary>
    /// <param name="units">The answers to each unit, as numbers; a unit with fewer than two counts nothing.</param>
    /// <param name="level">What the numbers mean.</param>
    /// <returns>At most 1; NaN: no two answers can be compared, or all are the same.</returns>
    public static double Of(IEnumerable<IReadOnlyList<double>> units, MeasurementLevel level)
    {
        ArgumentNullException.ThrowIfNull(units);
        IReadOnlyList<double>[] pairable = [.. units.Where(unit => unit.Count > 1)];
        double[] values = [.. pairable.SelectMany(unit => unit).Distinct().Order()];
        double[] counts = [.. values.Select(value => (double)pairable.Sum(unit => unit.Count(one => one == value)))];
        double total = counts.Sum();
        double observed = 0;
        double expected = 0;
        for (int a = 0; a < values.Length; a++)
        {
            for (int b = a + 1; b < values.Length; b++)
            {
                double distance = Distance(values, counts, a, b, level);

                // The coincidences of both values, over all units.
                double coincidences = pairable.Sum(unit =>
                    (double)unit.Count(one => one == values[a]) * unit.Count(one => one == values[b]) / (unit.Count - 1));
                observed += coincidences * distance;
                expected += counts[a] * counts[b] * distance;
            }
        }

        return expected > 0 ? 1 - ((total - 1) * observed / expected) : double.NaN;
    }

    // Squared difference of two values.
    private static double Distance(double[] values, double[] counts, int a, int b, MeasurementLevel level)
    {
        double difference = level switch
        {
            MeasurementLevel.Nominal => 1,
            MeasurementLevel.Ordinal => counts[a..(b + 1)].Sum() - ((counts[a] + counts[b]) / 2),
            _ => values[b] - values[a],
        };
        return difference * difference;
    }
}

namespace MedGen.Evaluation.Studies;

/// <summary>
/// The paired permutation test over patients: were two arms alike, a patient's answers of the one could as well be those of the other, so the sign of
/// each patient's difference is a coin's. Few patients are enumerated, many are drawn.
/// </summary>
internal static class SignFlipTest
{
    // 65,536 sign patterns.
    private const int MostEnumerated = 16;

    // Sums of the same terms in another order differ in their last digits.
    private const double Tolerance = 1e-12;

    /// <summary>
    /// What each patient adds to the difference of two balanced accuracies, means over the trainings: the differences add up to the arm's.
    /// </summary>
    /// <param name="patients">Patient of each test clip.</param>
    /// <param name="truth">Class of each test clip.</param>
    /// <param name="arm">Class that the arm answers, by training and test clip.</param>
    /// <param name="baseline">Class that the baseline answers.</param>
    /// <returns>One number a patient.</returns>
    public static double[] DifferencesByPatient(
        IReadOnlyList<string> patients, IReadOnlyList<int> truth, IReadOnlyList<int[]> arm, IReadOnlyList<int[]> baseline)
    {
        Dictionary<int, int> clips = truth.GroupBy(one => one).ToDictionary(own => own.Key, own => own.Count());
        double Hits(IReadOnlyList<int[]> answers, int clip) => answers.Average(training => training[clip] == truth[clip] ? 1.0 : 0);
        return
        [
            .. Enumerable.Range(0, truth.Count).GroupBy(clip => patients[clip])
                .Select(own => own.Sum(clip => (Hits(arm, clip) - Hits(baseline, clip)) / clips[truth[clip]] / clips.Count)),
        ];
    }

    /// <summary>The two-sided probability of a difference as large as the one seen, or larger, were the arms alike.</summary>
    /// <param name="differences">One number a patient.</param>
    /// <param name="flips">Sign patterns to draw where there are more than 16 patients that differ.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <returns>Above 0, at most 1.</returns>
    public static double PValue(IReadOnlyList<double> differences, int flips, int seed)
    {
        // Those that do not differ change no sum.
        double[] sizes = [.. differences.Where(difference => difference != 0).Select(Math.Abs)];
        double seen = Math.Abs(differences.Sum()) - Tolerance;
        if (sizes.Length <= MostEnumerated)
        {
            int patterns = 1 << sizes.Length;
            return Enumerable.Range(0, patterns).Count(pattern => Math.Abs(Sum(sizes, bit => (pattern & (1 << bit)) != 0)) >= seen)
                / (double)patterns;
        }

        Random random = new(seed);
        int asLarge = Enumerable.Range(0, flips).Count(_ => Math.Abs(Sum(sizes, _ => random.Next(2) == 0)) >= seen);
        return (asLarge + 1.0) / (flips + 1);
    }

    private static double Sum(double[] sizes, Func<int, bool> isNegative)
    {
        double sum = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            sum += isNegative(i) ? -sizes[i] : sizes[i];
        }

        return sum;
    }
}

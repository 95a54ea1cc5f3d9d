namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>Figures over scored clips, before any refusal. A group counts once, however many clips it has, except in the confusion.</summary>
internal static class ClipMetrics
{
    private const int Bins = 10;
    private const int Resamples = 2000;
    private const int Seed = 1;

    public static int Groups(IEnumerable<ScoredClip> clips) => clips.Select(c => c.Group).Distinct().Count();

    /// <summary>Mean over groups of the share of a group's clips that are named right; 0 without clips.</summary>
    public static double Accuracy(IEnumerable<ScoredClip> clips) => GroupShares(clips).DefaultIfEmpty(0).Average();

    /// <summary>Share of right ones among the clips that are given a label, a clip weighing 1 / clips of its group; null when none is.</summary>
    public static double? Precision(IReadOnlyCollection<ScoredClip> clips, int label)
    {
        Dictionary<string, int> sizes = GroupSizes(clips);
        List<ScoredClip> named = [.. clips.Where(c => c.Best == label)];
        return named.Count == 0 ? null : named.Where(c => c.IsRight).Sum(c => 1.0 / sizes[c.Group]) / named.Sum(c => 1.0 / sizes[c.Group]);
    }

    /// <summary>Clips by true label (row) and most probable label (column).</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Confusion(IEnumerable<ScoredClip> clips, int labels)
    {
        int[][] counts = [.. Enumerable.Range(0, labels).Select(_ => new int[labels])];
        foreach (ScoredClip clip in clips)
        {
            counts[clip.Truth][clip.Best]++;
        }

        return counts;
    }

    /// <summary>Expected calibration error in 10 bins of equal width; at least one clip.</summary>
    public static double CalibrationError(IReadOnlyCollection<ScoredClip> clips)
    {
        Dictionary<string, int> sizes = GroupSizes(clips);
        double error = clips.GroupBy(c => Math.Min(Bins - 1, (int)(c.Confidence * Bins)))
            .Sum(bin => Math.Abs(bin.Sum(c => (c.Confidence - (c.IsRight ? 1 : 0)) / sizes[c.Group])));
        return error / sizes.Count;
    }

    /// <summary>
    /// The 2.5th and 97.5th percentile of the balanced accuracy when the groups of each label are drawn anew with replacement 2,000 times. Always the
    /// same draws. A label with one group adds no spread, so the interval is too narrow where groups are few.
    /// </summary>
    public static (double Low, double High) BalancedAccuracyInterval(IEnumerable<ScoredClip> clips)
    {
        double[][] labels = [.. clips.GroupBy(c => c.Truth).OrderBy(l => l.Key).Select(l => GroupShares(l).ToArray())];
        var random = new Random(Seed);
        double[] draws = [.. Enumerable.Range(0, Resamples)
            .Select(_ => labels.Average(shares => shares.Average(_ => shares[random.Next(shares.Length)])))
            .Order()];
        return (draws[(int)Math.Floor(0.025 * (Resamples - 1))], draws[(int)Math.Ceiling(0.975 * (Resamples - 1))]);
    }

    /// <summary>Wilson's 95 % interval of a share.</summary>
    /// <param name="share">The share, 0 to 1; that of groups may be fractional.</param>
    /// <param name="trials">Number of trials, at least 1.</param>
    public static (double Low, double High) WilsonInterval(double share, int trials)
    {
        const double Z = 1.959964;
        double spread = Z * Math.Sqrt((share * (1 - share) / trials) + (Z * Z / (4.0 * trials * trials)));
        double middle = share + (Z * Z / (2 * trials));
        double scale = 1 + (Z * Z / trials);
        return (Math.Max(0, (middle - spread) / scale), Math.Min(1, (middle + spread) / scale));
    }

    private static IEnumerable<double> GroupShares(IEnumerable<ScoredClip> clips) =>
        clips.GroupBy(c => c.Group).Select(g => g.Average(c => c.IsRight ? 1.0 : 0.0));

    private static Dictionary<string, int> GroupSizes(IEnumerable<ScoredClip> clips) =>
        clips.GroupBy(c => c.Group).ToDictionary(g => g.Key, g => g.Count());
}

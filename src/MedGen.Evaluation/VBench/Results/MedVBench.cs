namespace MedGen.Evaluation.VBench.Results;

/// <summary>How the paper (arXiv 2507.05675) sums up Med-VBench, and what it published.</summary>
public static class MedVBench
{
    /// <summary>The dimensions of the automatic part, in the paper's order.</summary>
    public static IReadOnlyList<string> AutomaticDimensions { get; } =
        ["imaging quality", "subject consistency", "background consistency", "motion smoothness"];

    /// <summary>
    /// What the paper's table comes to, in percent: the automatic part of four models, and the total of its own. The six-part total and the
    /// automatic part give the warping error that lies between them. The columns of the table themselves are not at hand here.
    /// </summary>
    public static IReadOnlyList<PublishedScore> Published { get; } =
    [
        new("MedGen", 91.02, 70.93), new("HunyuanVideo", 88.09, null), new("Wan2.1-T2V-14B", 85.19, null), new("Wan2.1-T2V-1.3B", 83.77, null),
    ];

    /// <summary>(IQ + SC + BC + MS) / 4.</summary>
    /// <param name="scores">Scores.</param>
    /// <returns>In percent; null: one of the four is missing or was not measured by VBench's network.</returns>
    public static double? Automatic(IReadOnlyList<BenchmarkScore> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        double[] four =
        [
            .. AutomaticDimensions.SelectMany(dimension => scores.Where(score =>
                score.Dimension == dimension && score.IsUpstream && double.IsFinite(score.Value)).Select(score => score.Value).Take(1)),
        ];
        return four.Length == AutomaticDimensions.Count ? four.Average() : null;
    }

    /// <summary>((100 − WE) + IQ + SC + BC + MS) / 6. That it divides by six what has five parts is the paper's; all its rows fit it.</summary>
    /// <param name="automatic">The automatic part, in percent.</param>
    /// <param name="warpingError">The warping error that people rated, in percent.</param>
    /// <returns>The total, at most 83.3.</returns>
    public static double Total(double automatic, double warpingError) => (100 - warpingError + (4 * automatic)) / 6;

    /// <summary>The warping error that an automatic part and a total leave.</summary>
    /// <param name="automatic">In percent.</param>
    /// <param name="total">In percent.</param>
    /// <returns>In percent.</returns>
    public static double WarpingError(double automatic, double total) => 100 + (4 * automatic) - (6 * total);
}

namespace MedGen.Classifiers.Modality;

/// <summary>What the classifier says of one picture, before calibration.</summary>
/// <param name="LogProbabilities">Log-probability of each label, in label order, then that of "none of them".</param>
/// <param name="Distance">Squared Mahalanobis distance of the picture's features from the nearest label's mean.</param>
public sealed record ModalityScore(IReadOnlyList<double> LogProbabilities, double Distance)
{
    /// <summary>How much likelier than any label "none of them" is, as a difference of log-probabilities.</summary>
    public double UnknownMargin => LogProbabilities[^1] - LogProbabilities.SkipLast(1).Max();

    /// <summary>The score of a clip: the mean over its pictures.</summary>
    /// <param name="scores">Scores of pictures; null for a flat one, which has no vote.</param>
    /// <returns>The mean; null when no picture has a vote.</returns>
    public static ModalityScore? Mean(IEnumerable<ModalityScore?> scores)
    {
        List<ModalityScore> votes = [.. scores.OfType<ModalityScore>()];
        return votes.Count == 0
            ? null
            : new ModalityScore(
                [.. Enumerable.Range(0, votes[0].LogProbabilities.Count).Select(k => votes.Average(v => v.LogProbabilities[k]))],
                votes.Average(v => v.Distance));
    }
}

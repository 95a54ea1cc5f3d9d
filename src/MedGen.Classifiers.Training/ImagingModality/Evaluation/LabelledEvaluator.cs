using MedGen.Sdk.Errors;

namespace MedGen.Classifiers.Training.ImagingModality.Evaluation;

/// <summary>Turns a classifier's answers for a labelled folder into figures.</summary>
public static class LabelledEvaluator
{
    private const string Note =
        "The shipped weights were trained on the project's sample clips: a figure on clips that were trained on is not held out, and flatters. "
        + "The cross-validated figures stand in plugins/ImagingModality/EVALUATION.md.";

    /// <summary>Evaluates.</summary>
    /// <param name="labels">Labels that the classifier was taught, in its own order.</param>
    /// <param name="weightsHash">SHA-256 of its weights, in lower-case hex.</param>
    /// <param name="answers">Its answers; at least one.</param>
    /// <param name="skipped">Files without an answer.</param>
    /// <param name="passedOver">Count of the folder's files that are no clips, by extension.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="InvalidInputException">There is no answer.</exception>
    public static LabelledEvaluation Evaluate(
        IReadOnlyList<string> labels, string weightsHash, IReadOnlyList<LabelledAnswer> answers, IReadOnlyList<SkippedClip> skipped,
        IReadOnlyDictionary<string, int> passedOver)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(skipped);
        if (answers.Count == 0)
        {
            throw new InvalidInputException(
                "data", $"no clip could be read{(skipped.Count == 0 ? "" : $": {skipped[0].File}: {skipped[0].Reason}")}.");
        }

        List<ScoredClip> taught = [.. answers.Where(a => labels.Contains(a.Clip.Label)).Select(a => Score(a, labels))];
        List<LabelledAnswer> untaught = [.. answers.Where(a => !labels.Contains(a.Clip.Label))];
        List<ScoredClip> answered = [.. taught.Where(c => !c.Abstained)];
        List<LabelledEvaluation.LabelResult> perLabel = [.. labels.Select((label, index) =>
        {
            List<ScoredClip> own = [.. taught.Where(c => c.Truth == index)];
            return new LabelledEvaluation.LabelResult(
                label, ClipMetrics.Groups(own), own.Count, own.Count == 0 ? null : ClipMetrics.Accuracy(own), ClipMetrics.Precision(taught, index));
        })];
        return new LabelledEvaluation
        {
            WeightsHash = weightsHash,
            Note = Note,
            Labels = labels,
            Clips = taught.Count,
            Groups = ClipMetrics.Groups(taught),
            BalancedAccuracy = perLabel.Average(l => l.Recall),
            BalancedAccuracyInterval = taught.Count == 0 ? null : Interval(taught),
            PerLabel = perLabel,
            Confusion = ClipMetrics.Confusion(taught, labels.Count),
            CalibrationError = taught.Count == 0 ? null : ClipMetrics.CalibrationError(taught),
            AbstainedShare = taught.Count == 0 ? null : 1 - (answered.Count / (double)taught.Count),
            AccuracyWhenAnswered = answered.Count == 0 ? null : answered.Average(c => c.IsRight ? 1.0 : 0.0),
            Untaught =
                [.. untaught.GroupBy(a => a.Clip.Label).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new LabelledEvaluation.UntaughtResult(
                g.Key, g.Select(a => a.Clip.Group).Distinct().Count(), g.Count(), Refused(g)))],
            UntaughtRefusedShare = untaught.Count == 0 ? null : Refused(untaught),
            Skipped = skipped,
            PassedOver = passedOver,
        };
    }

    private static ScoredClip Score(LabelledAnswer answer, IReadOnlyList<string> labels)
    {
        List<double> probabilities = [.. answer.Probabilities];
        double confidence = probabilities.Max();
        return new ScoredClip(
            answer.Clip.Group, labels.ToList().IndexOf(answer.Clip.Label), probabilities.IndexOf(confidence), confidence, answer.Abstained);
    }

    private static double Refused(IEnumerable<LabelledAnswer> answers) => answers.Average(a => a.Abstained ? 1.0 : 0.0);

    private static LabelledEvaluation.Interval Interval(List<ScoredClip> taught)
    {
        (double low, double high) = ClipMetrics.BalancedAccuracyInterval(taught);
        return new LabelledEvaluation.Interval(low, high);
    }
}

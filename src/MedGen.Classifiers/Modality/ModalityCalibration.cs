using MedGen.Classifiers.Networks;

namespace MedGen.Classifiers.Modality;

/// <summary>How a score becomes probabilities and an abstention; fitted on clips that the discriminant had not seen.</summary>
public sealed record ModalityCalibration
{
    /// <summary>No calibration: temperature 1, only flat pictures are refused.</summary>
    public static ModalityCalibration None { get; } =
        new() { Temperature = 1, MaxUnknownMargin = double.MaxValue, MaxDistance = double.MaxValue };

    /// <summary>Divides the log-probabilities of the labels before the softmax; above 0.</summary>
    public required double Temperature { get; init; }

    /// <summary>The classifier abstains when <see cref="ModalityScore.UnknownMargin"/> is above it.</summary>
    public required double MaxUnknownMargin { get; init; }

    /// <summary>The classifier abstains when <see cref="ModalityScore.Distance"/> is above it.</summary>
    public required double MaxDistance { get; init; }

    /// <summary>The answer for a picture or clip.</summary>
    /// <param name="score">Its score; null when there is nothing to see, which is refused.</param>
    /// <param name="labels">Number of labels.</param>
    /// <returns>The answer; its probabilities are those of the labels, given that it is one of them.</returns>
    public FrameVerdict Decide(ModalityScore? score, int labels)
    {
        if (score is null)
        {
            return new FrameVerdict { Best = 0, Probabilities = [.. Enumerable.Repeat(1.0 / labels, labels)], Abstained = true };
        }

        double[] values = [.. score.LogProbabilities.Take(labels)];
        double max = values.Max();
        double[] exponentials = [.. values.Select(v => Math.Exp((v - max) / Temperature))];
        double sum = exponentials.Sum();
        return new FrameVerdict
        {
            Best = Array.IndexOf(values, max),
            Probabilities = [.. exponentials.Select(e => e / sum)],
            Abstained = score.UnknownMargin > MaxUnknownMargin || score.Distance > MaxDistance,
        };
    }
}

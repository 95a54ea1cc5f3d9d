namespace MedGen.Classifiers.Networks;

/// <summary>How scores become probabilities and refusals; fitted on clips that the networks had not seen.</summary>
public sealed record FrameCalibration
{
    /// <summary>No calibration: temperature 1, only flat pictures are refused.</summary>
    public static FrameCalibration None { get; } = new() { Temperature = 1, MinConfidence = 0 };

    /// <summary>Divides the mean log-probabilities before the softmax; above 0.</summary>
    public required double Temperature { get; init; }

    /// <summary>A clip whose largest probability at temperature 1 is below this is refused; 0 to 1.</summary>
    public required double MinConfidence { get; init; }

    /// <summary>Turns the scores of a clip's frames into one answer: the mean of their log-probabilities, calibrated.</summary>
    /// <param name="scores">Mean log-probabilities of each frame in label order; null for a flat frame, which has no vote. At least one
    /// entry.</param>
    /// <param name="labels">Number of labels, for the case that every frame is flat.</param>
    /// <returns>The answer.</returns>
    public FrameVerdict Decide(IReadOnlyList<IReadOnlyList<double>?> scores, int labels)
    {
        ArgumentNullException.ThrowIfNull(scores);
        double[] mean = new double[labels];
        int votes = 0;
        foreach (IReadOnlyList<double>? score in scores)
        {
            if (score is not null)
            {
                votes++;
                for (int i = 0; i < labels; i++)
                {
                    mean[i] += score[i];
                }
            }
        }

        double[] plain = Softmax(mean, Math.Max(1, votes));
        double[] probabilities = Softmax(mean, Math.Max(1, votes) * Temperature);
        return new FrameVerdict
        {
            Best = Array.IndexOf(plain, plain.Max()),
            Probabilities = probabilities,
            Abstained = votes == 0 || plain.Max() < MinConfidence,
        };
    }

    private static double[] Softmax(double[] values, double divisor)
    {
        double max = values.Max();
        double[] exponentials = [.. values.Select(v => Math.Exp((v - max) / divisor))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(e => e / sum)];
    }
}

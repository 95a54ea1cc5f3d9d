namespace MedGen.Classifiers.Temporal;

/// <summary>Finds the most plausible course of a finished video: probabilities of every frame, and a price for every change (Viterbi 1967).</summary>
public static class WorkflowDecoder
{
    /// <summary>An unknown change costs this many times as much as a known one.</summary>
    public const double IllegalFactor = 4;

    private const double Least = 1e-6;

    /// <summary>Decodes a video.</summary>
    /// <param name="probabilities">Probability of each label for each frame.</param>
    /// <param name="graph">The known changes.</param>
    /// <param name="changeCost">Price of a known change in nats; at least 0. At 0 with all changes known the answer is each frame's most probable
    /// label.</param>
    /// <returns>The label of each frame.</returns>
    public static int[] Decode(IReadOnlyList<IReadOnlyList<double>> probabilities, WorkflowGraph graph, double changeCost)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegative(changeCost);
        int labels = graph.Labels;
        var before = new int[probabilities.Count][];
        double[] score = new double[labels];
        for (int t = 0; t < probabilities.Count; t++)
        {
            double[] next = new double[labels];
            before[t] = new int[labels];
            for (int to = 0; to < labels; to++)
            {
                // Staying wins a tie, so that the course has no more changes than it needs.
                (int best, double most) = (to, score[to]);
                for (int from = 0; from < labels && t > 0; from++)
                {
                    double value = score[from] - (from == to ? 0 : graph.IsLegal(from, to) ? changeCost : changeCost * IllegalFactor);
                    (best, most) = value > most ? (from, value) : (best, most);
                }

                before[t][to] = best;
                next[to] = most + Math.Log(Math.Max(Least, probabilities[t][to]));
            }

            score = next;
        }

        int[] course = new int[probabilities.Count];
        int label = Array.IndexOf(score, score.Max());
        for (int t = course.Length - 1; t >= 0; t--)
        {
            course[t] = label;
            label = before[t][label];
        }

        return course;
    }
}

namespace MedGen.Evaluation.Ratings;

/// <summary>
/// Strengths of systems by comparisons of two: system i wins over j with the probability pᵢ / (pᵢ + pⱼ) (Bradley and Terry 1952), fitted by
/// minorisation and maximisation (Hunter 2004). A tie is half a win for both.
/// </summary>
public static class BradleyTerry
{
    private const int MaxRounds = 100_000;
    private const double Enough = 1e-12;

    /// <summary>Fits the strengths.</summary>
    /// <param name="wins">How often the row won over the column; the diagonal is not looked at.</param>
    /// <returns>
    /// Strengths with the sum 1; null: they are not defined, because some systems never lost against all others, or no comparison joins them.
    /// </returns>
    public static double[]? Fit(double[,] wins)
    {
        ArgumentNullException.ThrowIfNull(wins);
        int count = wins.GetLength(0);
        if (!Enumerable.Range(0, count).All(start => Reached(wins, start).Count == count))
        {
            return null;
        }

        double[] strengths = [.. Enumerable.Repeat(1.0 / count, count)];
        for (int round = 0; round < MaxRounds; round++)
        {
            double[] next = new double[count];
            for (int i = 0; i < count; i++)
            {
                int[] others = [.. Enumerable.Range(0, count).Where(j => j != i)];
                next[i] = others.Sum(j => wins[i, j]) / others.Sum(j => (wins[i, j] + wins[j, i]) / (strengths[i] + strengths[j]));
            }

            double sum = next.Sum();
            double change = 0;
            for (int i = 0; i < count; i++)
            {
                next[i] /= sum;
                change = Math.Max(change, Math.Abs(next[i] - strengths[i]));
            }

            strengths = next;
            if (change < Enough)
            {
                break;
            }
        }

        return strengths;
    }

    // Who is reached from a system by going from winners to those they won over.
    private static HashSet<int> Reached(double[,] wins, int start)
    {
        HashSet<int> reached = [start];
        Queue<int> open = new([start]);
        while (open.TryDequeue(out int at))
        {
            foreach (int next in Enumerable.Range(0, wins.GetLength(0)).Where(next => next != at && wins[at, next] > 0 && reached.Add(next)))
            {
                open.Enqueue(next);
            }
        }

        return reached;
    }
}

using MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

namespace MedGen.Classifiers.Training.Tests.SurgicalPhase.Evaluation;

/// <summary>
/// The published evaluation written down a second time, slowly: ids from 1, sets of frame numbers, NaN, infinity and masks as MATLAB treats them.
/// Shares nothing with the library.
/// </summary>
internal sealed record LiteralScript(double Accuracy, double AccuracyStd, double[] Precision, double[] Recall, double[] Jaccard)
{
    private const int Phases = 7;

    public static LiteralScript Run(IEnumerable<PhasePair> pairs, PhaseProtocol protocol, int t)
    {
        var videos = pairs.Select(p => Video([.. p.Truth.Select(x => x + 1)], [.. p.Predicted.Select(x => x + 1)], protocol, t)).ToList();
        double mean = videos.Sum(v => v.Accuracy) / videos.Count;
        double std = videos.Count == 1 ? 0 : Math.Sqrt(videos.Sum(v => Math.Pow(v.Accuracy - mean, 2)) / (videos.Count - 1));
        return new LiteralScript(mean, std, NanMeans(v => v.Precision), NanMeans(v => v.Recall), NanMeans(v => v.Jaccard));

        double[] NanMeans(Func<(double Accuracy, double[] Precision, double[] Recall, double[] Jaccard), double[]> figure) =>
            [.. Enumerable.Range(0, Phases).Select(p =>
            {
                double[] known = [.. videos.Select(v => figure(v)[p]).Where(x => !double.IsNaN(x)).Select(x => x > 100 ? 100 : x)];
                return known.Length == 0 ? double.NaN : known.Sum() / known.Length;
            })];
    }

    private static (double Accuracy, double[] Precision, double[] Recall, double[] Jaccard) Video(int[] truth, int[] predicted, PhaseProtocol protocol, int t)
    {
        int[] difference = new int[truth.Length];
        for (int i = 0; i < truth.Length; i++)
        {
            difference[i] = predicted[i] - truth[i];
        }

        if (protocol != PhaseProtocol.Strict)
        {
            for (int phase = 1; phase <= Phases; phase++)
            {
                for (int start = 0; start < truth.Length; start++)
                {
                    if (truth[start] != phase || (start > 0 && truth[start - 1] == phase))
                    {
                        continue;
                    }

                    int end = start;
                    while (end + 1 < truth.Length && truth[end + 1] == phase)
                    {
                        end++;
                    }

                    int[] current = difference[start..(end + 1)];
                    Relax(current, phase, Math.Min(t, current.Length), protocol);
                    current.CopyTo(difference, start);
                }
            }
        }

        double[] precision = new double[Phases];
        double[] recall = new double[Phases];
        double[] jaccard = new double[Phases];
        for (int phase = 1; phase <= Phases; phase++)
        {
            HashSet<int> ofPhase = [.. Enumerable.Range(0, truth.Length).Where(i => truth[i] == phase)];
            HashSet<int> asPhase = [.. Enumerable.Range(0, truth.Length).Where(i => predicted[i] == phase)];
            HashSet<int> union = [.. ofPhase, .. asPhase];
            double hits = union.Count(i => difference[i] == 0);
            bool absent = ofPhase.Count == 0;
            precision[phase - 1] = absent ? double.NaN : hits * 100 / asPhase.Count;
            recall[phase - 1] = absent ? double.NaN : hits * 100 / ofPhase.Count;
            jaccard[phase - 1] = absent ? double.NaN : hits / union.Count * 100;
        }

        return (difference.Count(d => d == 0) * 100.0 / truth.Length, precision, recall, jaccard);
    }

    private static void Relax(int[] current, int phase, int t, PhaseProtocol protocol)
    {
        bool[] late = new bool[t];
        for (int i = 0; i < t; i++)
        {
            late[i] = phase is 6 or 7 ? current[i] is -1 or -2 : current[i] == -1;
        }

        Zero(current, late, 0);
        bool[] early = new bool[t];
        for (int i = 0; i < t; i++)
        {
            int at = current[current.Length - t + i];
            early[i] = phase is 4 or 5 or 6 or 7 ? at is 1 or 2 : at == 1;
        }

        Zero(current, early, protocol == PhaseProtocol.RelaxedMatlab ? 0 : current.Length - t);
    }

    private static void Zero(int[] values, bool[] mask, int offset)
    {
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i])
            {
                values[offset + i] = 0;
            }
        }
    }
}

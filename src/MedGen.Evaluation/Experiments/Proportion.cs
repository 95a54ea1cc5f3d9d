using MedGen.Classifiers.Training.ImagingModality.Evaluation;

namespace MedGen.Evaluation.Experiments;

/// <summary>Intervals of shares.</summary>
internal static class Proportion
{
    /// <summary>The 95 % score interval of a share (Wilson 1927), which holds for few cases, too.</summary>
    /// <param name="right">Cases that count.</param>
    /// <param name="all">All cases.</param>
    /// <returns>Its two ends; NaN of no case.</returns>
    public static IReadOnlyList<double> Wilson(int right, int all)
    {
        if (all == 0)
        {
            return [double.NaN, double.NaN];
        }

        (double low, double high) = ClipMetrics.WilsonInterval((double)right / all, all);
        return [low, high];
    }
}

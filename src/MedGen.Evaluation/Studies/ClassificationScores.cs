namespace MedGen.Evaluation.Studies;

/// <summary>What predictions are worth. Classes without an example in the sample are left out of the means.</summary>
/// <param name="BalancedAccuracy">Mean recall of the classes.</param>
/// <param name="MacroF1">Mean F1 of the classes.</param>
/// <param name="Auroc">Mean over classes of the area under one-against-rest curves; NaN where no class has both sides.</param>
/// <param name="CalibrationError">Expected calibration error, 10 bins.</param>
/// <param name="Recall">Recall of each class; NaN where it has no example.</param>
public sealed record ClassificationScores(
    double BalancedAccuracy, double MacroF1, double Auroc, double CalibrationError, IReadOnlyList<double> Recall)
{
    /// <summary>Bins of confidence.</summary>
    internal const int Bins = 10;

    /// <summary>Scores predictions.</summary>
    /// <param name="truth">Class indices.</param>
    /// <param name="probabilities">Probabilities of the classes for each example.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>The scores.</returns>
    public static ClassificationScores Of(IReadOnlyList<int> truth, IReadOnlyList<double[]> probabilities, int classes)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(probabilities);
        int[] answers = [.. probabilities.Select(Best)];
        double[] recall =
            [.. Enumerable.Range(0, classes).Select(c => Share(truth.Index().Where(one => one.Item == c).Select(one => answers[one.Index] == c)))];
        int[] present = [.. Enumerable.Range(0, classes).Where(c => truth.Contains(c))];
        double f1 = present.Average(c =>
        {
            int hits = truth.Index().Count(one => one.Item == c && answers[one.Index] == c);
            return 2.0 * hits / Math.Max(1, truth.Count(t => t == c) + answers.Count(a => a == c));
        });
        double[] areas = [.. present.Select(c => Area(truth, probabilities, c)).Where(double.IsFinite)];
        double error = probabilities.Index().GroupBy(one => Math.Min(Bins - 1, (int)(one.Item.Max() * Bins)))
            .Sum(bin => Math.Abs(bin.Sum(one => one.Item.Max()) - bin.Count(one => answers[one.Index] == truth[one.Index]))) / truth.Count;
        return new ClassificationScores(present.Average(c => recall[c]), f1, areas.Length == 0 ? double.NaN : areas.Average(), error, recall);
    }

    /// <summary>The most probable class; the first of equals.</summary>
    /// <param name="probabilities">Probabilities of the classes.</param>
    /// <returns>Its index.</returns>
    public static int Best(double[] probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        return Array.IndexOf(probabilities, probabilities.Max());
    }

    private static double Share(IEnumerable<bool> hits) => hits.Select(hit => hit ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();

    // The share of pairs in which the example of the class has the higher probability; ties count half.
    private static double Area(IReadOnlyList<int> truth, IReadOnlyList<double[]> probabilities, int c)
    {
        double[] own = [.. truth.Index().Where(one => one.Item == c).Select(one => probabilities[one.Index][c])];
        double[] others = [.. truth.Index().Where(one => one.Item != c).Select(one => probabilities[one.Index][c])];
        return own.Length == 0 || others.Length == 0 ? double.NaN : own.Average(a => others.Average(b => a > b ? 1.0 : a == b ? 0.5 : 0));
    }
}

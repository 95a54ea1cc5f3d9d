namespace MedGen.Datasets.Classifiers;

/// <summary>
/// Multinomial logistic regression with an L2 penalty on standardised features, by full-batch gradient descent with Nesterov's momentum: a small
/// classifier that has one answer for one data set. Classes count the same, however many clips they have.
/// </summary>
public sealed class SoftmaxRegression
{
    private const double LearningRate = 0.5;
    private const double Momentum = 0.9;

    private readonly double[] _means;
    private readonly double[] _scales;
    private readonly double[][] _weights; // [classes][D + 1], the bias last

    private SoftmaxRegression(IReadOnlyList<string> labels, double[] means, double[] scales, double[][] weights) =>
        (Labels, _means, _scales, _weights) = (labels, means, scales, weights);

    /// <summary>The classes, in the order of the probabilities.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Fits.</summary>
    /// <param name="features">[N][D].</param>
    /// <param name="labels">N classes.</param>
    /// <param name="penalty">Weight of half the squared weights, above 0.</param>
    /// <param name="steps">Steps of descent.</param>
    /// <param name="weights">Weight of each example beside its class's; null: 1.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="ArgumentException">There is no example, or the numbers of features and labels differ.</exception>
    public static SoftmaxRegression Fit(
        IReadOnlyList<double[]> features, IReadOnlyList<string> labels, double penalty = 0.1, int steps = 200, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        if (features.Count == 0 || features.Count != labels.Count)
        {
            throw new ArgumentException(
                $"Got {features.Count} examples and {labels.Count} labels; as many of both, one or more, are needed.", nameof(labels));
        }

        int width = features[0].Length;
        string[] classes = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        double[] means = [.. Enumerable.Range(0, width).Select(d => features.Average(f => f[d]))];
        double deviation = Math.Sqrt(Enumerable.Range(0, width).Average(d => features.Average(f => (f[d] - means[d]) * (f[d] - means[d]))));

        // A feature that hardly varies is not blown up to the size of the others.
        double[] scales =
            [.. Enumerable.Range(0,
                width).Select(d => Math.Sqrt(width) * Math.Max(
                    1e-9, Math.Max(0.1 * deviation, Math.Sqrt(features.Average(f => (f[d] - means[d]) * (f[d] - means[d]))))))];
        double[][] inputs = [.. features.Select(f => Standardise(f, means, scales))];
        int[] targets = [.. labels.Select(label => Array.IndexOf(classes, label))];
        double[] shares = new double[features.Count];
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = weights?[i] ?? 1;
        }

        double[] sums = [.. classes.Select((_, c) => Enumerable.Range(0, shares.Length).Where(i => targets[i] == c).Sum(i => shares[i]))];
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] /= sums[targets[i]] * classes.Length;
        }

        return new SoftmaxRegression(classes, means, scales, Descend(inputs, targets, shares, classes.Length, penalty, steps));
    }

    /// <summary>Probabilities of the classes.</summary>
    /// <param name="features">[D].</param>
    /// <returns>One for each of <see cref="Labels"/>, adding up to 1.</returns>
    public double[] Predict(double[] features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Probabilities(_weights, Standardise(features, _means, _scales));
    }

    private static double[][] Descend(double[][] inputs, int[] targets, double[] shares, int classes, double penalty, int steps)
    {
        int width = inputs[0].Length;
        double[][] weights = [.. Enumerable.Range(0, classes).Select(_ => new double[width])];
        double[][] speed = [.. Enumerable.Range(0, classes).Select(_ => new double[width])];
        for (int step = 0; step < steps; step++)
        {
            double[][] ahead = [.. weights.Zip(speed, (w, v) => w.Zip(v, (a, b) => a + (Momentum * b)).ToArray())];
            double[][] gradient = [.. ahead.Select(w => w.Select((value, d) => d == width - 1 ? 0 : penalty * value).ToArray())];
            for (int i = 0; i < inputs.Length; i++)
            {
                double[] probabilities = Probabilities(ahead, inputs[i]);
                for (int c = 0; c < classes; c++)
                {
                    double error = shares[i] * (probabilities[c] - (targets[i] == c ? 1 : 0));
                    for (int d = 0; d < width; d++)
                    {
                        gradient[c][d] += error * inputs[i][d];
                    }
                }
            }

            for (int c = 0; c < classes; c++)
            {
                for (int d = 0; d < width; d++)
                {
                    speed[c][d] = (Momentum * speed[c][d]) - (LearningRate * gradient[c][d]);
                    weights[c][d] += speed[c][d];
                }
            }
        }

        return weights;
    }

    private static double[] Standardise(double[] features, double[] means, double[] scales) =>
        [.. features.Select((value, d) => (value - means[d]) / scales[d]), 1];

    private static double[] Probabilities(double[][] weights, double[] input)
    {
        double[] scores = new double[weights.Length];
        for (int c = 0; c < weights.Length; c++)
        {
            for (int d = 0; d < input.Length; d++)
            {
                scores[c] += weights[c][d] * input[d];
            }
        }

        double most = scores.Max();
        double[] powers = [.. scores.Select(score => Math.Exp(score - most))];
        double sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }
}

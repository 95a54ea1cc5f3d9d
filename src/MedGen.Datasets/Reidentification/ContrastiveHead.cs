namespace MedGen.Datasets.Reidentification;

/// <summary>
/// A linear map from frozen features to vectors of unit length, trained so that two clips of one patient point the same way and those of others do
/// not: NT-Xent of SimCLR (Chen et al. 2020, arXiv 2002.05709) with patients in the place of pictures. It begins as a random projection, which keeps
/// the features' own angles, and is drawn back to it, so that few patients cannot bend it far.
/// </summary>
internal sealed class ContrastiveHead
{
    /// <summary>Length of a vector.</summary>
    public const int Width = 64;

    private const int MostPatientsAtOnce = 32;
    private const int Steps = 200;
    private const double Temperature = 0.1;
    private const double LearningRate = 3e-3; // of Adam, with its usual moments
    private const double PullBack = 1e-3;

    private readonly double[] _mean;
    private readonly double[] _scale;
    private readonly double[] _weights; // [Width, features]

    private ContrastiveHead(double[] mean, double[] scale, double[] weights) => (_mean, _scale, _weights) = (mean, scale, weights);

    /// <summary>Trains a head.</summary>
    /// <param name="patients">Features of the clips of each patient and of their copies: two patients at least, with two rows each.</param>
    /// <param name="seed">Seed of beginning and draws.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static ContrastiveHead Fit(IReadOnlyList<double[][]> patients, int seed, CancellationToken cancellationToken)
    {
        double[][] all = [.. patients.SelectMany(own => own)];
        int features = all[0].Length;
        double[] mean = [.. Enumerable.Range(0, features).Select(d => all.Average(row => row[d]))];
        double[] variance = [.. Enumerable.Range(0, features).Select(d => all.Average(row => (row[d] - mean[d]) * (row[d] - mean[d])))];
        double[] scale = [.. variance.Select(value => 1 / Math.Max(1e-6, Math.Sqrt(value)))];
        Random random = new(seed);
        double[] start = [.. Enumerable.Range(0, Width * features).Select(_ => Normal(random) / Math.Sqrt(features))];
        ContrastiveHead head = new(mean, scale, [.. start]);
        double[][][] scaled = [.. patients.Select(own => own.Select(head.Scaled).ToArray())];
        (double[] first, double[] second, double[] gradient) = (new double[start.Length], new double[start.Length], new double[start.Length]);
        int[] order = [.. Enumerable.Range(0, scaled.Length)];
        for (int step = 1; step <= Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            random.Shuffle(order);
            double[][] batch = [.. order.Take(MostPatientsAtOnce).SelectMany(patient => Pair(scaled[patient], random))];
            head.Gradient(batch, gradient);
            for (int i = 0; i < start.Length; i++)
            {
                double g = gradient[i] + (PullBack * (head._weights[i] - start[i]));
                first[i] = (0.9 * first[i]) + (0.1 * g);
                second[i] = (0.999 * second[i]) + (0.001 * g * g);
                head._weights[i] -= LearningRate * (first[i] / (1 - Math.Pow(0.9, step)))
                    / (Math.Sqrt(second[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }

        return head;
    }

    /// <summary>The vector of a clip.</summary>
    /// <param name="features">Its features.</param>
    /// <returns>Of unit length; all zero where the features are those of the mean.</returns>
    public double[] Project(double[] features)
    {
        double[] projected = Projected(Scaled(features));
        double length = Length(projected);
        return [.. projected.Select(value => value / length)];
    }

    /// <summary>How alike two clips are.</summary>
    /// <returns>The cosine of their vectors, −1 to 1.</returns>
    public static double Cosine(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    // Two clips of a patient, or two copies of one.
    private static double[][] Pair(double[][] own, Random random)
    {
        int first = random.Next(own.Length);
        int second = random.Next(own.Length - 1);
        return [own[first], own[second >= first ? second + 1 : second]];
    }

    // Of −mean log softmax(cosine / temperature) at the other clip of the same patient, rows 2k and 2k + 1.
    private void Gradient(double[][] batch, double[] gradient)
    {
        int count = batch.Length;
        double[][] raw = [.. batch.Select(Projected)];
        double[] lengths = [.. raw.Select(Length)];
        double[][] units = [.. raw.Select((row, i) => row.Select(value => value / lengths[i]).ToArray())];
        double[][] pull = [.. Enumerable.Range(0, count).Select(_ => new double[Width])];
        for (int i = 0; i < count; i++)
        {
            double[] exponents = [.. units.Select((other, j) => j == i ? 0 : Math.Exp((Cosine(units[i], other) - 1) / Temperature))];
            double sum = exponents.Sum();
            for (int j = 0; j < count; j++)
            {
                double slope = ((exponents[j] / sum) - (j == (i ^ 1) ? 1 : 0)) / (Temperature * count);
                for (int k = 0; k < Width && j != i; k++)
                {
                    pull[i][k] += slope * units[j][k];
                    pull[j][k] += slope * units[i][k];
                }
            }
        }

        Array.Clear(gradient);
        for (int i = 0; i < count; i++)
        {
            double along = Cosine(pull[i], units[i]);
            for (int k = 0; k < Width; k++)
            {
                double slope = (pull[i][k] - (along * units[i][k])) / lengths[i];
                Span<double> row = gradient.AsSpan(k * batch[i].Length, batch[i].Length);
                for (int d = 0; d < row.Length; d++)
                {
                    row[d] += slope * batch[i][d];
                }
            }
        }
    }

    private double[] Scaled(double[] features) => [.. features.Select((value, d) => (value - _mean[d]) * _scale[d])];

    private double[] Projected(double[] scaled)
    {
        double[] projected = new double[Width];
        for (int k = 0; k < Width; k++)
        {
            ReadOnlySpan<double> row = _weights.AsSpan(k * scaled.Length, scaled.Length);
            for (int d = 0; d < row.Length; d++)
            {
                projected[k] += row[d] * scaled[d];
            }
        }

        return projected;
    }

    private static double Length(double[] vector) => Math.Max(1e-12, Math.Sqrt(Cosine(vector, vector)));

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

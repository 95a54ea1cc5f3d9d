using MedGen.Classifiers.Networks;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>
/// Fits the linear discriminant. Every label weighs the same; within a label a source weighs by the square root of its groups, so that one large
/// archive does not drown the small ones, and within a source every group weighs the same, however many pictures it has. The covariance is shrunk
/// towards a diagonal one: there are more features than groups.
/// </summary>
internal static class DiscriminantFitting
{
    /// <summary>Share of "none of them" in the covariance, 0 to 1.</summary>
    private const double UnknownShare = 0.25;

    private const double Shrinkage = 0.2;

    /// <summary>Fits.</summary>
    /// <param name="labels">Learnt labels.</param>
    /// <param name="clips">Clips of these labels and of others, which are "none of them".</param>
    /// <returns>Over the labels and, last, "none of them"; the caller disposes it.</returns>
    public static LinearDiscriminant Fit(IReadOnlyList<string> labels, IReadOnlyList<ModalityFeatures> clips)
    {
        List<string> classes = [.. labels];
        int ClassOf(ModalityFeatures clip) => classes.IndexOf(clip.Label) is >= 0 and var index ? index : labels.Count;
        List<float> rows = [];
        List<double> weights = [];
        List<long> truth = [];
        foreach (IGrouping<int, ModalityFeatures> label in clips.GroupBy(ClassOf).OrderBy(g => g.Key))
        {
            List<IGrouping<string, ModalityFeatures>> sources = [.. label.GroupBy(c => c.Item.Source)];
            double Share(IGrouping<string, ModalityFeatures> source) => Math.Sqrt(source.Select(c => c.Item.GroupId).Distinct().Count());
            double total = sources.Sum(Share);
            double ofLabel = label.Key == labels.Count ? UnknownShare : (1 - UnknownShare) / labels.Count;
            foreach (IGrouping<string, ModalityFeatures> source in sources)
            {
                List<IGrouping<string, ModalityFeatures>> groups = [.. source.GroupBy(c => c.Item.GroupId)];
                double ofGroup = ofLabel * Share(source) / total / groups.Count;
                foreach (IGrouping<string, ModalityFeatures> group in groups)
                {
                    float[] values = [.. group.SelectMany(c => c.Plain.Concat(c.Drawn))];
                    int count = values.Length / ResidualBackbone.FeatureLength;
                    rows.AddRange(values);
                    weights.AddRange(Enumerable.Repeat(ofGroup / count, count));
                    truth.AddRange(Enumerable.Repeat((long)label.Key, count));
                }
            }
        }

        return Solve(labels.Count + 1, [.. rows], [.. weights], [.. truth]);
    }

    private static LinearDiscriminant Solve(int classes, float[] rows, double[] weights, long[] truth)
    {
        using var scope = NewDisposeScope();
        Tensor x = ModalityFeatures.Rows(rows).to_type(ScalarType.Float64); // [N, features]
        Tensor w = tensor(weights) / weights.Sum(); // [N]
        Tensor member = nn.functional.one_hot(tensor(truth), classes).to_type(ScalarType.Float64); // [N, classes]
        Tensor weighted = member * w.unsqueeze(1); // [N, classes]
        Tensor means = weighted.t().matmul(x) / weighted.sum([0]).clamp_min(1e-12).unsqueeze(1); // [classes, features]
        Tensor residual = x - member.matmul(means); // [N, features]
        Tensor covariance = (residual * w.unsqueeze(1)).t().matmul(residual); // [features, features]
        Tensor deviation = covariance.diag().clamp_min(1e-12).sqrt(); // [features]
        Tensor outer = deviation.unsqueeze(1) * deviation.unsqueeze(0);
        Tensor correlation = ((1 - Shrinkage) * covariance / outer) + (Shrinkage * eye(deviation.size(0), dtype: ScalarType.Float64));
        return new LinearDiscriminant(means, linalg.inv(correlation) / outer);
    }
}

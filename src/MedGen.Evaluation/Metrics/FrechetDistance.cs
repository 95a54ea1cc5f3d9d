using static TorchSharp.torch;

namespace MedGen.Evaluation.Metrics;

/// <summary>
/// Fréchet distance between Gaussians fitted to two samples (Heusel et al. 2017, arXiv 1706.08500): |µa − µb|² + tr(A + B − 2·(A·B)^½). Over features
/// of whole clips it is the Fréchet video distance (Unterthiner et al. 2018, arXiv 1812.01717). It grows as samples get smaller than their width:
/// give principal components.
/// </summary>
public static class FrechetDistance
{
    /// <summary>Computes it.</summary>
    /// <param name="a">[N, D], float64, N above 1.</param>
    /// <param name="b">[M, D], float64, M above 1.</param>
    /// <returns>The distance, 0 or more.</returns>
    /// <exception cref="ArgumentException">A sample is no matrix, has one row, or the widths differ.</exception>
    public static double Of(Tensor a, Tensor b)
    {
        FeatureSample.Check(a, b, atLeast: 2);
        using var scope = NewDisposeScope();
        (Tensor meanA, Tensor covarianceA) = Fit(a);
        (Tensor meanB, Tensor covarianceB) = Fit(b);

        // (A·B)^½ has the trace of (A^½·B·A^½)^½, which is symmetric.
        (Tensor valuesA, Tensor vectorsA) = linalg.eigh(covarianceA);
        Tensor rootA = vectorsA.mm(diag(valuesA.clamp(min: 0).sqrt())).mm(vectorsA.t());
        Tensor cross = linalg.eigvalsh(rootA.mm(covarianceB).mm(rootA)).clamp(min: 0).sqrt().sum();
        double distance = (meanA - meanB).square().sum().item<double>() + covarianceA.trace().item<double>() + covarianceB.trace()
            .item<double>() - (2 * cross.item<double>());
        return Math.Max(0, distance);
    }

    private static (Tensor Mean, Tensor Covariance) Fit(Tensor sample)
    {
        Tensor mean = sample.mean([0]);
        Tensor centred = sample - mean;
        return (mean, centred.t().mm(centred) / (sample.size(0) - 1));
    }
}

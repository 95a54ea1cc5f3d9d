using static TorchSharp.torch;

namespace MedGen.Evaluation.Metrics;

/// <summary>
/// The discrepancy of CMMD (Jayasumana et al. 2024, arXiv 2401.09603): 1000 times the squared maximum mean discrepancy under the Gaussian kernel
/// exp(−|x − y|² / 2σ²) with σ = 10, by the estimator that keeps the diagonal, so that equal samples give exactly 0. The paper feeds it CLIP
/// embeddings; with another network name that one. It assumes no distribution and works on small samples.
/// </summary>
public static class MaximumMeanDiscrepancy
{
    /// <summary>Bandwidth of the paper.</summary>
    public const double Sigma = 10;

    private const double Scale = 1000;

    /// <summary>Computes it.</summary>
    /// <param name="a">[N, D], float64, N above 0.</param>
    /// <param name="b">[M, D], float64, M above 0.</param>
    /// <param name="sigma">Bandwidth σ, above 0.</param>
    /// <returns>1000 · MMD², 0 or more.</returns>
    /// <exception cref="ArgumentException">A sample is no matrix, is empty, or the widths differ.</exception>
    public static double Of(Tensor a, Tensor b, double sigma = Sigma)
    {
        FeatureSample.Check(a, b, atLeast: 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigma);
        using var scope = NewDisposeScope();
        double squared = Mean(a, a, sigma) + Mean(b, b, sigma) - (2 * Mean(a, b, sigma));
        return Scale * Math.Max(0, squared);
    }

    private static double Mean(Tensor x, Tensor y, double sigma) => (cdist(x, y).square() / (-2 * sigma * sigma)).exp().mean().item<double>();
}

using static TorchSharp.torch;

namespace MedGen.Evaluation.Metrics;

/// <summary>
/// Kernel distance (KID; Bińkowski et al. 2018, arXiv 1801.01401): the squared maximum mean discrepancy under the kernel (x·y / D + 1)³, by its
/// unbiased estimator. Its expectation does not depend on n, so it suits small samples; for equal distributions it scatters around 0 and may be
/// negative.
/// </summary>
public static class KernelDistance
{
    /// <summary>Computes it.</summary>
    /// <param name="a">[N, D], float64, N above 1.</param>
    /// <param name="b">[M, D], float64, M above 1.</param>
    /// <returns>The squared discrepancy.</returns>
    /// <exception cref="ArgumentException">A sample is no matrix, has one row, or the widths differ.</exception>
    public static double Of(Tensor a, Tensor b)
    {
        FeatureSample.Check(a, b, atLeast: 2);
        using var scope = NewDisposeScope();
        return MeanWithoutDiagonal(Kernel(a, a)) + MeanWithoutDiagonal(Kernel(b, b)) - (2 * Kernel(a, b).mean().item<double>());
    }

    private static Tensor Kernel(Tensor x, Tensor y) => ((x.mm(y.t()) / x.size(1)) + 1).pow(3); // [N, M]

    private static double MeanWithoutDiagonal(Tensor square)
    {
        long n = square.size(0);
        return (square.sum().item<double>() - square.trace().item<double>()) / (n * (n - 1));
    }
}

using static TorchSharp.torch;

namespace MedGen.Evaluation.Metrics;

/// <summary>What every comparison of two samples asks of them.</summary>
internal static class FeatureSample
{
    /// <summary>Checks that both are matrices of equal width with enough rows.</summary>
    /// <exception cref="ArgumentException">They are not; shapes are named.</exception>
    public static void Check(Tensor a, Tensor b, int atLeast)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.dim() != 2 || b.dim() != 2 || a.size(1) != b.size(1) || a.size(0) < atLeast || b.size(0) < atLeast)
        {
            throw new ArgumentException(
                $"Got samples of [{string.Join(", ", a.shape)}] and [{string.Join(", ", b.shape)}]; two matrices of equal width and at least "
                    + $"{atLeast} rows each are needed.");
        }
    }
}

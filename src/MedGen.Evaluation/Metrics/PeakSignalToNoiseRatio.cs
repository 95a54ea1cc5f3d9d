using static TorchSharp.torch;

namespace MedGen.Evaluation.Metrics;

/// <summary>Peak signal-to-noise ratio (PSNR) in dB: 10·log10(peak² / mean squared error).</summary>
public static class PeakSignalToNoiseRatio
{
    private const double Range = 2; // of values in [-1, 1]
    private const double MinError = 1e-10; // 106 dB: equal pictures

    /// <summary>Computes it over all values.</summary>
    /// <param name="a">Any shape, float, in [-1, 1].</param>
    /// <param name="b">The same shape.</param>
    /// <returns>The ratio in dB, at most 106.</returns>
    public static double Of(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        using var scope = NewDisposeScope();
        double error = (a - b).square().mean().to_type(ScalarType.Float64).item<double>();
        return 10 * Math.Log10(Range * Range / Math.Max(error, MinError));
    }
}

using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Training.Autoencoders;

/// <summary>Structural similarity (SSIM; Wang et al. 2004, doi 10.1109/TIP.2003.819861) with an even window of 7 px; differentiable.</summary>
public static class StructuralSimilarity
{
    private const int Window = 7;

    /// <summary>Mean over all frames.</summary>
    /// <param name="a">[B, 3, T, H, W], float, in [-1, 1], H and W 7 or more.</param>
    /// <param name="b">[B, 3, T, H, W].</param>
    /// <returns>A scalar in the current dispose scope, 1 for equal pictures.</returns>
    public static Tensor Of(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        const double C1 = 0.02 * 0.02;
        const double C2 = 0.06 * 0.06;
        using var scope = NewDisposeScope();
        Tensor x = a.transpose(1, 2).flatten(0, 1); // [B·T, 3, H, W]
        Tensor y = b.transpose(1, 2).flatten(0, 1);
        Tensor meanX = Blur(x);
        Tensor meanY = Blur(y);
        Tensor varianceX = Blur(x * x) - (meanX * meanX);
        Tensor varianceY = Blur(y * y) - (meanY * meanY);
        Tensor covariance = Blur(x * y) - (meanX * meanY);
        Tensor map = ((2 * meanX * meanY) + C1) * ((2 * covariance) + C2)
            / (((meanX * meanX) + (meanY * meanY) + C1) * (varianceX + varianceY + C2));
        return map.mean().MoveToOuterDisposeScope();
    }

    private static Tensor Blur(Tensor x) => F.avg_pool2d(x, Window, stride: 1);
}

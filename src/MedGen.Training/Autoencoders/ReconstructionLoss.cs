using MedGen.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Training.Autoencoders;

/// <summary>How far a reconstruction is from its input, in the terms of <see cref="ReconstructionOptions"/>.</summary>
internal static class ReconstructionLoss
{
    private const int SsimWindow = 7;
    private static readonly int[] TimeHeightWidth = [2, 3, 4];

    /// <summary>Computes the weighted sum.</summary>
    /// <param name="output">[B, 3, T, H, W], float32.</param>
    /// <param name="input">[B, 3, T, H, W], float32, in [-1, 1].</param>
    /// <param name="mean">Mean of the latent distribution.</param>
    /// <param name="logVariance">Logarithm of its variance.</param>
    /// <param name="options">Weights of the terms.</param>
    /// <returns>A float32 scalar in the current dispose scope.</returns>
    public static Tensor Of(Tensor output, Tensor input, Tensor mean, Tensor logVariance, ReconstructionOptions options)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor difference = output - input;
        Tensor loss = (difference.abs().mean() * options.L1) + (difference.square().mean() * options.L2);
        if (options.Gradient > 0)
        {
            // The gradient of a difference is the difference of the gradients.
            foreach (int axis in TimeHeightWidth.Where(axis => difference.size(axis) > 1))
            {
                loss = loss + (difference.diff(1, axis).abs().mean() * (options.Gradient / 3));
            }
        }

        if (options.Structure > 0)
        {
            loss = loss + ((1 - Similarity(output, input)) * options.Structure);
        }

        Tensor kl = (mean.square() + logVariance.exp() - 1 - logVariance).mean() * 0.5;
        return (loss + (kl * options.Kl)).MoveToOuterDisposeScope();
    }

    /// <summary>Mean structural similarity over all frames, with an even window of 7 px (Wang et al. 2004) and values in [-1, 1].</summary>
    /// <param name="a">[B, 3, T, H, W].</param>
    /// <param name="b">[B, 3, T, H, W].</param>
    /// <returns>A scalar, 1 for equal pictures.</returns>
    public static Tensor Similarity(Tensor a, Tensor b)
    {
        const double C1 = 0.02 * 0.02;
        const double C2 = 0.06 * 0.06;
        using DisposeScope scope = NewDisposeScope();
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

    private static Tensor Blur(Tensor x) => F.avg_pool2d(x, SsimWindow, stride: 1);
}

using MedGen.Training.Recipes;
using static TorchSharp.torch;

namespace MedGen.Training.Autoencoders;

/// <summary>How far a reconstruction is from its input, in the terms of <see cref="ReconstructionOptions"/>.</summary>
internal static class ReconstructionLoss
{
    // One grey level of 255, squared: below it a clip is as good as equal.
    private const double MinSquare = 4.0 / (255 * 255);

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
        using var scope = NewDisposeScope();
        Tensor difference = output - input;
        Tensor loss = (difference.abs().mean() * options.L1) + (difference.square().mean() * options.L2);
        if (options.LogL2 > 0)
        {
            loss = loss + ((difference.square().mean([1, 2, 3, 4]) + MinSquare).log().mean() * options.LogL2);
        }

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
            loss = loss + ((1 - StructuralSimilarity.Of(output, input)) * options.Structure);
        }

        Tensor kl = (mean.square() + logVariance.exp() - 1 - logVariance).mean() * 0.5;
        return (loss + (kl * options.Kl)).MoveToOuterDisposeScope();
    }
}

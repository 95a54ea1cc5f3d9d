using MedGen.Phantoms.Randomness;
using MedGen.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Flow;

/// <summary>
/// Flow matching as Wan 2.1 has it (arXiv 2503.20314, after Lipman et al., arXiv 2210.02747): x = (1 − sigma) · x0 + sigma · noise, and the velocity to predict is noise − x0;
/// the model is told 1000 · sigma.
/// </summary>
internal static class FlowMatching
{
    /// <summary>What the model is told for noise level 1.</summary>
    public const float TrainTimesteps = 1000;

    /// <summary>Draws a noise level.</summary>
    /// <param name="random">Generator.</param>
    /// <param name="options">Distribution.</param>
    /// <returns>Share of noise, 0 to 1.</returns>
    public static float DrawSigma(Random random, FlowOptions options)
    {
        double s = options.TimestepSampling == "uniform"
            ? random.NextDouble()
            : 1 / (1 + Math.Exp(-(options.LogitMean + (options.LogitStd * random.Gaussian()))));
        return (float)(options.Shift * s / (1 + ((options.Shift - 1) * s)));
    }

    /// <summary>Mixes latents with noise.</summary>
    /// <param name="clean">x0 [B, C, F, H, W].</param>
    /// <param name="noise">Standard normal noise of the same shape.</param>
    /// <param name="sigmas">[B].</param>
    /// <returns>x [B, C, F, H, W].</returns>
    public static Tensor Mix(Tensor clean, Tensor noise, Tensor sigmas)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sigma = sigmas.view(-1, 1, 1, 1, 1);
        return (((1 - sigma) * clean) + (sigma * noise)).MoveToOuterDisposeScope();
    }

    /// <summary>Mean squared error of the velocity.</summary>
    /// <param name="velocity">Prediction [B, C, F, H, W].</param>
    /// <param name="clean">x0.</param>
    /// <param name="noise">Noise.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Loss(Tensor velocity, Tensor clean, Tensor noise)
    {
        using DisposeScope scope = NewDisposeScope();
        return (velocity - (noise - clean)).square().mean().MoveToOuterDisposeScope();
    }
}

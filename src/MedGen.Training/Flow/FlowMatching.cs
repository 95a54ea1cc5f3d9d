using MedGen.Phantoms.Randomness;
using MedGen.Training.Recipes;
using static TorchSharp.torch;

namespace MedGen.Training.Flow;

/// <summary>
/// Flow matching as Wan 2.1 has it (arXiv 2503.20314, after Lipman et al., arXiv 2210.02747): x = (1 − sigma) · x0 + sigma · noise, and the velocity
/// to predict is noise − x0; the model is told 1000 · sigma.
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
    /// <param name="sigmas">[B], or [B, F] for each latent frame.</param>
    /// <returns>x [B, C, F, H, W].</returns>
    public static Tensor Mix(Tensor clean, Tensor noise, Tensor sigmas)
    {
        using var scope = NewDisposeScope();
        Tensor sigma = OverFrames(sigmas); // [B, 1, 1 or F, 1, 1]
        return (((1 - sigma) * clean) + (sigma * noise)).MoveToOuterDisposeScope();
    }

    /// <summary>The noise levels of latent frames, where the first frame of some clips is given: theirs is 0.</summary>
    /// <param name="sigmas">[B], above 0.</param>
    /// <param name="given">Whether the first frame of each clip is given.</param>
    /// <param name="frames">Latent frames of a clip.</param>
    /// <returns>[B] where none is, otherwise [B, F].</returns>
    public static Tensor ByFrame(Tensor sigmas, IReadOnlyList<bool> given, long frames)
    {
        if (!given.Any(first => first))
        {
            return sigmas.alias();
        }

        using var scope = NewDisposeScope();
        Tensor first = where(tensor(given.ToArray()), zeros_like(sigmas), sigmas).unsqueeze(1); // [B, 1]
        return cat([first, sigmas.unsqueeze(1).expand(-1, frames - 1)], dim: 1).MoveToOuterDisposeScope(); // [B, F]
    }

    /// <summary>Mean squared error of the velocity, over the frames that have noise.</summary>
    /// <param name="velocity">Prediction [B, C, F, H, W].</param>
    /// <param name="clean">x0.</param>
    /// <param name="noise">Noise.</param>
    /// <param name="sigmas">[B], or [B, F] for each latent frame.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Loss(Tensor velocity, Tensor clean, Tensor noise, Tensor sigmas)
    {
        using var scope = NewDisposeScope();
        Tensor errors = (velocity - (noise - clean)).square(); // [B, C, F, H, W]
        return (sigmas.dim() == 1 ? errors.mean() : errors.mean([1, 3, 4]).masked_select(sigmas > 0).mean()).MoveToOuterDisposeScope();
    }

    private static Tensor OverFrames(Tensor sigmas) => sigmas.view(sigmas.shape[0], 1, -1, 1, 1);
}

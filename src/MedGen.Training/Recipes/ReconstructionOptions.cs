using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Recipes;

/// <summary>Weights of the terms of the autoencoder's loss, all means over values in [-1, 1].</summary>
public sealed record ReconstructionOptions
{
    /// <summary>Absolute difference. 0 to 100; default 1.</summary>
    [Range(0.0, 100.0)]
    public double L1 { get; init; } = 1;

    /// <summary>Squared difference. 0 to 100; default 0.5.</summary>
    [Range(0.0, 100.0)]
    public double L2 { get; init; } = 0.5;

    /// <summary>Absolute difference of the gradients along width, height and time: sharp edges and even motion. 0 to 100; default 0.5.</summary>
    [Range(0.0, 100.0)]
    public double Gradient { get; init; } = 0.5;

    /// <summary>1 − structural similarity (SSIM, Wang et al. 2004) of each frame. 0 to 100; default 0.25.</summary>
    [Range(0.0, 100.0)]
    public double Structure { get; init; } = 0.25;

    /// <summary>
    /// Natural logarithm of each clip's mean squared error: what PSNR is made of (arXiv 2105.06086), so that a clean clip counts as much as a noisy
    /// one. 0 to 100; default 0.
    /// </summary>
    [Range(0.0, 100.0)]
    public double LogL2 { get; init; }

    /// <summary>Kullback-Leibler divergence from the standard normal distribution, mean over latent values. 0 to 1; default 1e-5.</summary>
    [Range(0.0, 1.0)]
    public double Kl { get; init; } = 1e-5;
}

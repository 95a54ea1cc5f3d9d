using System.ComponentModel.DataAnnotations;

namespace MedGen.Training.Optimization;

/// <summary>How weights are changed: the algorithm with warm-up, cosine decay, clipping and a running average.</summary>
public sealed record OptimizerOptions
{
    /// <summary>
    /// `adamw` or, but for adapters, `muon`; default `adamw`. Muon needs fewer steps; momentum (<see cref="Beta1"/>) 0.95 is its usual one.
    /// </summary>
    public OptimizerAlgorithm Algorithm { get; init; } = OptimizerAlgorithm.AdamW;

    /// <summary>Highest learning rate. 1e-7 to 1; default 3e-4.</summary>
    [Range(1e-7, 1.0)]
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Steps over which the learning rate rises from 0. 0 to 1,000,000; default 100.</summary>
    [Range(0, 1_000_000)]
    public int WarmupSteps { get; init; } = 100;

    /// <summary>Share of the learning rate that is left at the end. 0 to 1; default 0.05.</summary>
    [Range(0.0, 1.0)]
    public double FinalFraction { get; init; } = 0.05;

    /// <summary>Decoupled weight decay of matrices and kernels. 0 to 1; default 0.01.</summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Decay of the gradient's running mean. 0 to 0.9999; default 0.9.</summary>
    [Range(0.0, 0.9999)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the squared gradient's running mean. 0 to 0.99999; default 0.99.</summary>
    [Range(0.0, 0.99999)]
    public double Beta2 { get; init; } = 0.99;

    /// <summary>Added to the root of the second moment. 1e-12 to 1e-3; default 1e-8.</summary>
    [Range(1e-12, 1e-3)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Gradients longer than this are shortened to it. 1e-3 to 1e6; default 1.</summary>
    [Range(1e-3, 1e6)]
    public double ClipNorm { get; init; } = 1;

    /// <summary>Decay of the weights' running average, which is what is exported. 0 to 0.99999; default 0.999.</summary>
    [Range(0.0, 0.99999)]
    public double EmaDecay { get; init; } = 0.999;
}

using MedGen.Training.Running;
using MedGen.Classifiers.Networks;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training;

/// <summary>Trains a frame network from random weights: AdamW, linear warm-up, cosine decay, and a running average of the weights.</summary>
/// <param name="run">What is trained, for errors.</param>
/// <param name="classes">Number of classes.</param>
/// <param name="seed">Seed of the first weights and of dropout, which draws from the global generator.</param>
/// <param name="steps">Optimiser steps.</param>
/// <param name="learningRate">Its peak.</param>
internal sealed class FrameNetworkLoop(string run, int classes, int seed, int steps, double learningRate)
{
    private const double WeightDecay = 0.03;
    private const double AverageDecay = 0.99;
    private const double WarmUpShare = 0.06;
    private const double MaxGradientNorm = 2.0;

    /// <summary>Runs the steps.</summary>
    /// <param name="loss">The loss of a network at a step, from 0; called within a dispose scope.</param>
    /// <param name="onStep">Told of each step and its loss.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>A network with the average of the weights.</returns>
    /// <exception cref="TrainingDivergedException">A loss or gradient is no finite number.</exception>
    public FrameNetwork Run(Func<FrameNetwork, int, Tensor> loss, Action<int, double> onStep, CancellationToken cancellationToken)
    {
        using var generator = new Generator((ulong)seed);
        random.manual_seed(seed);
        using FrameNetwork network = FrameNetwork.Create(classes, generator);
        var parameters = network.Weights.Values.ToList();
        using var optimizer = optim.AdamW(parameters, lr: learningRate, weight_decay: WeightDecay);
        var average = network.Weights.ToDictionary(w => w.Key, w => w.Value.detach().clone().DetachFromDisposeScope());
        try
        {
            for (int step = 0; step < steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var group in optimizer.ParamGroups)
                {
                    group.LearningRate = LearningRateAt(step);
                }

                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                double value = GradientStep.Take(run, step + 1, loss(network, step), parameters, optimizer, MaxGradientNorm);
                UpdateAverage(network, average, Math.Min(AverageDecay, (step + 1.0) / (step + 10)));
                onStep(step, value);
            }

            return FrameNetwork.FromWeights("trained weights", classes, average.GetValueOrDefault, CPU);
        }
        finally
        {
            foreach (Tensor value in average.Values)
            {
                value.Dispose();
            }
        }
    }

    private static void UpdateAverage(FrameNetwork network, Dictionary<string, Tensor> average, double decay)
    {
        using var noGrad = no_grad();
        foreach ((string name, var value) in network.Weights)
        {
            average[name].mul_(decay).add_(value.detach() * (1 - decay));
        }
    }

    private double LearningRateAt(int step)
    {
        double rise = Math.Min(1, (step + 1) / Math.Max(1, steps * WarmUpShare));
        return learningRate * rise * CosineDecay.Share(step, steps);
    }
}

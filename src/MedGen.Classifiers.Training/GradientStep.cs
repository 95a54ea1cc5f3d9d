using MedGen.Training.Running;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training;

/// <summary>One step of a classifier's optimiser.</summary>
internal static class GradientStep
{
    /// <summary>Computes the gradients, clips them and takes the step, unless the loss or they are no numbers.</summary>
    /// <param name="run">What is trained, for the error.</param>
    /// <param name="step">The step, from 1, for the error.</param>
    /// <param name="loss">The loss, a scalar; its gradients are computed here.</param>
    /// <param name="parameters">What is trained.</param>
    /// <param name="optimizer">The optimiser of these parameters; gradients of the step before are cleared by the caller.</param>
    /// <param name="maxNorm">Greatest length of the gradient.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is no finite number; the weights were not changed.</exception>
    public static double Take(string run, int step, Tensor loss, List<Parameter> parameters, optim.Optimizer optimizer, double maxNorm)
    {
        loss.backward();
        double norm = nn.utils.clip_grad_norm_(parameters, maxNorm);
        double value = loss.item<float>();
        if (!double.IsFinite(value) || !double.IsFinite(norm))
        {
            throw new TrainingDivergedException(run, step, value, norm, checkpointStep: 0);
        }

        optimizer.step();
        return value;
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Optimization;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101) over one vector of weights. torch's own keeps its state per tensor and behind an interface that a checkpoint
/// cannot write bit for bit.
/// </summary>
/// <param name="parameters">What is trained; its gradient is taken from <see cref="ParameterVector.Values"/>.</param>
/// <param name="options">Rates.</param>
internal sealed class AdamW(ParameterVector parameters, OptimizerOptions options) : IDisposable
{
    /// <summary>Rates.</summary>
    public OptimizerOptions Options => options;

    /// <summary>Running mean of the gradient, [N].</summary>
    public Tensor FirstMoment { get; } = zeros_like(parameters.Average).DetachFromDisposeScope();

    /// <summary>Running mean of its square, [N].</summary>
    public Tensor SecondMoment { get; } = zeros_like(parameters.Average).DetachFromDisposeScope();

    /// <summary>Takes one step, then moves the running average of the weights.</summary>
    /// <param name="step">Steps taken before this one.</param>
    /// <param name="learningRate">Learning rate of the step.</param>
    public void Step(int step, double learningRate)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor gradient = parameters.Values.grad!;
        parameters.Values.narrow(0, 0, parameters.Decayed).mul_(1 - (learningRate * options.WeightDecay));
        FirstMoment.mul_(options.Beta1).add_(gradient, alpha: 1 - options.Beta1);
        SecondMoment.mul_(options.Beta2).addcmul_(gradient, gradient, 1 - options.Beta2);
        Tensor scale = (SecondMoment / (1 - Math.Pow(options.Beta2, step + 1))).sqrt_().add_(options.Epsilon);
        parameters.Values.addcdiv_(FirstMoment, scale, -learningRate / (1 - Math.Pow(options.Beta1, step + 1)));

        // Young averages follow fast: the first weights are random.
        double decay = Math.Min(options.EmaDecay, (step + 1.0) / (step + 10));
        parameters.Average.mul_(decay).add_(parameters.Values, alpha: 1 - decay);
    }

    /// <summary>Learning rate of a step: a linear rise, then half a cosine down to the final share.</summary>
    /// <param name="step">Steps taken before.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <returns>The rate.</returns>
    public double LearningRateAt(int step, int steps)
    {
        double rise = Math.Min(1, (step + 1.0) / Math.Max(1, options.WarmupSteps));
        double progress = Math.Clamp((double)(step - options.WarmupSteps) / Math.Max(1, steps - options.WarmupSteps), 0, 1);
        double fall = options.FinalFraction + ((1 - options.FinalFraction) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
        return options.LearningRate * rise * fall;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}

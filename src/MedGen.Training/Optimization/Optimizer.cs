using static TorchSharp.torch;

namespace MedGen.Training.Optimization;

/// <summary>
/// Moves one vector of weights and their running average by the gradient. torch's own optimisers keep their state per tensor and behind an interface
/// that a checkpoint cannot write bit for bit.
/// </summary>
/// <param name="parameters">What is trained; its gradient is taken from <see cref="ParameterVector.Values"/>.</param>
/// <param name="options">Algorithm and rates.</param>
internal abstract class Optimizer(ParameterVector parameters, OptimizerOptions options) : IDisposable
{
    /// <summary>Algorithm and rates.</summary>
    public OptimizerOptions Options => options;

    /// <summary>Running mean of the gradient, [N].</summary>
    public Tensor FirstMoment { get; } = zeros_like(parameters.Average).DetachFromDisposeScope();

    /// <summary>Running mean of its square, [N]; zero where it is not used.</summary>
    public Tensor SecondMoment { get; } = zeros_like(parameters.Average).DetachFromDisposeScope();

    /// <summary>What is trained.</summary>
    protected ParameterVector Parameters => parameters;

    /// <summary>Makes the optimiser that the options ask for.</summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="options">Algorithm and rates.</param>
    /// <returns>The optimiser; the caller disposes it.</returns>
    public static Optimizer Create(ParameterVector parameters, OptimizerOptions options) =>
        options.Algorithm == OptimizerAlgorithm.Muon ? new Muon(parameters, options) : new AdamW(parameters, options);

    /// <summary>Takes one step, then moves the running average of the weights.</summary>
    /// <param name="step">Steps taken before this one.</param>
    /// <param name="learningRate">Learning rate of the step.</param>
    public void Step(int step, double learningRate)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor gradient = parameters.Values.grad!;
        parameters.Values.narrow(0, 0, parameters.Decayed).mul_(1 - (learningRate * options.WeightDecay));
        FirstMoment.mul_(options.Beta1).add_(gradient, alpha: 1 - options.Beta1);
        Move(gradient, step, learningRate);

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

    /// <summary>Moves the weights; decay and the first moment are up to date.</summary>
    /// <param name="gradient">Gradient, [N].</param>
    /// <param name="step">Steps taken before this one.</param>
    /// <param name="learningRate">Learning rate of the step.</param>
    protected abstract void Move(Tensor gradient, int step, double learningRate);

    /// <summary>Moves the weights from one on by the update of Adam (Kingma and Ba, arXiv 1412.6980).</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="gradient">Gradient of all weights, [N].</param>
    /// <param name="step">Steps taken before this one.</param>
    /// <param name="learningRate">Learning rate of the step.</param>
    protected void MoveByAdam(long first, Tensor gradient, int step, double learningRate)
    {
        Tensor From(Tensor vector) => vector.narrow(0, first, vector.shape[0] - first);
        Tensor moved = From(gradient);
        Tensor square = From(SecondMoment).mul_(options.Beta2).addcmul_(moved, moved, 1 - options.Beta2);
        Tensor scale = (square / (1 - Math.Pow(options.Beta2, step + 1))).sqrt_().add_(options.Epsilon);
        From(parameters.Values).addcdiv_(From(FirstMoment), scale, -learningRate / (1 - Math.Pow(options.Beta1, step + 1)));
    }
}

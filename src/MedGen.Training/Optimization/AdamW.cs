using static TorchSharp.torch;

namespace MedGen.Training.Optimization;

/// <summary>AdamW (Loshchilov and Hutter, arXiv 1711.05101).</summary>
/// <param name="parameters">What is trained.</param>
/// <param name="options">Rates.</param>
internal sealed class AdamW(ParameterVector parameters, OptimizerOptions options) : Optimizer(parameters, options)
{
    /// <inheritdoc/>
    protected override void Move(Tensor gradient, int step, double learningRate) => MoveByAdam(0, gradient, step, learningRate);
}

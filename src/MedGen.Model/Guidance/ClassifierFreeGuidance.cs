using static TorchSharp.torch;

namespace MedGen.Model.Guidance;

/// <summary>Classifier-free guidance (Ho and Salimans 2022, arXiv 2207.12598): u + g · (c − u).</summary>
internal sealed class ClassifierFreeGuidance(double scale)
{
    /// <summary>g.</summary>
    public double Scale => scale;

    /// <summary>Whether the unconditional prediction is needed at all; at scale 1 it cancels out.</summary>
    public bool NeedsUnconditional => scale != 1;

    /// <summary>Combines the two predictions of a step.</summary>
    /// <param name="conditional">Velocity with the prompt; any shape.</param>
    /// <param name="unconditional">Velocity with the negative prompt, same shape; null: the conditional one as it is.</param>
    /// <returns>The guided velocity: a new tensor in the caller's dispose scope.</returns>
    public Tensor Combine(Tensor conditional, Tensor? unconditional)
    {
        if (unconditional is null)
        {
            return conditional.alias();
        }

        using var scope = NewDisposeScope();
        return (unconditional + (conditional - unconditional) * scale).MoveToOuterDisposeScope();
    }
}

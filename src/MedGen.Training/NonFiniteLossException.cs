using MedGen.Abstractions.Errors;

namespace MedGen.Training;

/// <summary>A training step gave a loss that is not a finite number. The run stops; what was saved before the step stays.</summary>
public sealed class NonFiniteLossException : MedGenException
{
    /// <summary>Creates the error.</summary>
    /// <param name="step">Zero-based optimiser step.</param>
    /// <param name="loss">The loss: not a number or infinite.</param>
    public NonFiniteLossException(int step, double loss)
        : base("NON_FINITE_LOSS", FormattableString.Invariant($"The loss of step {step} is {loss}; training stopped. A lower learning rate or another seed may help; networks that were finished before are kept."))
    {
        Step = step;
    }

    /// <summary>Zero-based optimiser step.</summary>
    public int Step { get; }
}

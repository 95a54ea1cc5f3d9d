using MedGen.Sdk.Errors;

namespace MedGen.Training.Running;

/// <summary>The loss or its gradient is no finite number any more. The last checkpoint is good.</summary>
/// <param name="run">What was trained.</param>
/// <param name="step">The step, from 1.</param>
/// <param name="loss">The loss.</param>
/// <param name="gradientNorm">Length of its gradient.</param>
/// <param name="checkpointStep">Steps of the last checkpoint; 0: there is none.</param>
public sealed class TrainingDivergedException(string run, int step, double loss, double gradientNorm, int checkpointStep)
    : MedGenException(
        ErrorCode.FailedPrecondition,
        "TRAINING_DIVERGED",
        FormattableString.Invariant(
            $"{run}: at step {step} the loss is {loss} and the length of its gradient {gradientNorm}; the weights were not changed. ")
        + (
            checkpointStep > 0
                ? $"The checkpoint after step {checkpointStep} is kept; lower the learning rate and start anew, or resume from it."
                : "There is no checkpoint yet; lower the learning rate."))
{
    /// <summary>The step, from 1.</summary>
    public int Step { get; } = step;

    /// <summary>Steps of the last checkpoint; 0: there is none.</summary>
    public int CheckpointStep { get; } = checkpointStep;
}

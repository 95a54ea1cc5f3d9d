using static TorchSharp.torch;

namespace MedGen.Model.Schedulers;

/// <summary>
/// Integrates the probability flow from noise to picture. The flow is x = (1 − sigma) · x0 + sigma · noise and the model predicts its velocity
/// v = noise − x0. A scheduler belongs to one run: it keeps what earlier steps predicted. A run may start at any index and then takes every
/// following one in order.
/// </summary>
public interface IScheduler : IDisposable
{
    /// <summary>What the transformer gets at each step, 0 to 1000, falling; whole numbers except for flow Euler. N of them.</summary>
    IReadOnlyList<float> Timesteps { get; }

    /// <summary>Share of noise before each step and, last, after all of them: N + 1 values from at most 1 down to 0.</summary>
    IReadOnlyList<float> Sigmas { get; }

    /// <summary>Takes one step of the flow.</summary>
    /// <param name="modelOutput">Velocity at <c>Timesteps[stepIndex]</c>, float32, any shape.</param>
    /// <param name="stepIndex">0 to N − 1; the first call chooses where the run starts, later ones follow one by one.</param>
    /// <param name="sample">What the velocity was predicted from, same shape, float32.</param>
    /// <returns>The sample at <c>Sigmas[stepIndex + 1]</c>: a new tensor in the caller's dispose scope.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in 0 to N − 1.</exception>
    /// <exception cref="InvalidOperationException">The index does not follow the one before.</exception>
    Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample);

    /// <summary>What must be kept to go on later.</summary>
    /// <returns>The state; its tensors belong to the scheduler and hold until its next step.</returns>
    SchedulerState Save();

    /// <summary>Goes on where another scheduler of the same kind, steps and shift stood. Fresh noise, where there is any, comes from this run's own generator.</summary>
    /// <param name="state">What <see cref="Save"/> gave; its tensors are copied.</param>
    /// <exception cref="ArgumentException">The state is not one of this scheduler: an index out of range, or something that it needs is missing.</exception>
    /// <exception cref="InvalidOperationException">This scheduler has taken steps of its own.</exception>
    void Restore(SchedulerState state);
}

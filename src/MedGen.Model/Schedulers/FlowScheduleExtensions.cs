using static TorchSharp.torch;

namespace MedGen.Model.Schedulers;

/// <summary>Entering the flow at a step other than the first.</summary>
public static class FlowScheduleExtensions
{
    /// <summary>
    /// The step at which a run begins that sends a source <paramref name="strength"/> of the way back to noise: <c>N − ⌊N · strength⌋</c>, but at
    /// least one step is taken.
    /// </summary>
    /// <param name="scheduler">The run's scheduler.</param>
    /// <param name="strength">Above 0, at most 1; 1 begins at step 0.</param>
    /// <returns>0 to N − 1.</returns>
    public static int StartIndex(this IScheduler scheduler, double strength)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return scheduler.Timesteps.Count - StepsFor(strength, scheduler.Timesteps.Count);
    }

    /// <summary>Steps that a run takes from a source.</summary>
    /// <param name="strength">Above 0, at most 1; 1 takes all.</param>
    /// <param name="steps">N.</param>
    /// <returns>1 to N.</returns>
    public static int StepsFor(double strength, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(strength, 1);

        // The margin keeps 10 · 0.3 at 3 steps, whatever the last bit of the product.
        return Math.Max(1, (int)(steps * strength + 1e-9));
    }

    /// <summary>
    /// Where a source enters the flow: (1 − sigma) · source + sigma · noise. At step 0 it is the noise alone, although some schedules begin a
    /// little below sigma 1: strength 1 leaves nothing of the source.
    /// </summary>
    /// <param name="scheduler">The run's scheduler.</param>
    /// <param name="source">Latents of the source, float32, any shape.</param>
    /// <param name="noise">Noise of the same shape.</param>
    /// <param name="startIndex">The step at which the run begins.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor AddNoise(this IScheduler scheduler, Tensor source, Tensor noise, int startIndex)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(noise);
        if (startIndex == 0)
        {
            return noise.clone();
        }

        double sigma = scheduler.Sigmas[startIndex];
        using var scope = NewDisposeScope();
        return (source * (1 - sigma) + noise * sigma).MoveToOuterDisposeScope();
    }
}

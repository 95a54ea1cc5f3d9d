using MedGen.Sdk.Generation;
using static TorchSharp.torch;

namespace MedGen.Model.Schedulers;

/// <summary>Makes the scheduler of one run.</summary>
public static class SchedulerFactory
{
    // Of LightX2V's step distillation: its noise levels, 1, 0.9375, 0.8333 and 0.625, are those of 4 steps with this shift.
    private const int LightX2VSteps = 4;
    private const double LightX2VShift = 5;

    /// <summary>Creates a scheduler at its first step.</summary>
    /// <param name="kind">How the flow is integrated.</param>
    /// <param name="steps">Number of steps, at least 1.</param>
    /// <param name="shift">Timestep shift of the flow, above 0; 1 is none.</param>
    /// <param name="generator">CPU generator of the run's fresh noise; needed by <see cref="GenerationScheduler.Dmd"/> only, owned by the
    /// caller.</param>
    /// <returns>A scheduler that the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range or the kind unknown.</exception>
    /// <exception cref="ArgumentNullException">The kind needs a generator and got none.</exception>
    public static FlowScheduler Create(GenerationScheduler kind, int steps, double shift, Generator? generator = null) => kind switch
    {
        GenerationScheduler.UniPC => new UniPCScheduler(FlowSchedule.Wan(steps, shift)),
        GenerationScheduler.DpmPlusPlus => new DpmPlusPlusScheduler(steps, shift),
        GenerationScheduler.Euler => new EulerScheduler(steps, shift),
        GenerationScheduler.LightX2V => new EulerScheduler(steps, steps == LightX2VSteps ? LightX2VShift : shift),
        GenerationScheduler.DiffusersUniPC => new UniPCScheduler(FlowSchedule.Diffusers(steps, shift)),
        GenerationScheduler.Dmd => new DmdScheduler(steps, shift, generator ?? throw new ArgumentNullException(nameof(generator))),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown scheduler."),
    };
}

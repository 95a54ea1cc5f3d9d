using System.Collections.Immutable;

namespace MedGen.Model.Schedulers;

/// <summary>
/// The noise levels of a run. Which arithmetic is double, which is float and where truncation happens is copied from each reference on purpose:
/// a timestep that is off by one moves the picture visibly.
/// </summary>
internal sealed record FlowSchedule
{
    internal const int TrainTimesteps = 1000;

    /// <summary>N timesteps as the model gets them.</summary>
    public required ImmutableArray<float> Timesteps { get; init; }

    /// <summary>N + 1 noise levels, the last one 0.</summary>
    public required ImmutableArray<float> Sigmas { get; init; }

    /// <summary>Wan2.1 <c>fm_solvers_unipc.py</c>: from the float32 0.999 down, shifted in double, truncated.</summary>
    public static FlowSchedule Wan(int steps, double shift) => Truncated(steps, shift, 0.999f, 0);

    /// <summary>Wan2.1 <c>fm_solvers.py</c>, <c>get_sampling_sigmas</c>: from exactly 1 down, shifted in double, truncated.</summary>
    public static FlowSchedule SamplingSigmas(int steps, double shift) => Truncated(steps, shift, 1, 0);

    /// <summary>
    /// diffusers <c>scheduling_unipc_multistep.py</c>, flow sigmas: from 1 (less 1e-6, so that its logarithm exists) towards 1/1000, truncated.
    /// </summary>
    public static FlowSchedule Diffusers(int steps, double shift) => Truncated(steps, shift, 1, 1.0 / TrainTimesteps, firstLoweredBy: 1e-6);

    /// <summary>DiffSynth-Studio <c>flow_match.py</c>: all in float32, timesteps not truncated.</summary>
    public static FlowSchedule FlowMatch(int steps, double shift)
    {
        Check(steps, shift);
        float factor = (float)shift;
        var sigmas = ImmutableArray.CreateBuilder<float>(steps + 1);
        for (int i = 0; i < steps; i++)
        {
            // torch.linspace counts from whichever end is nearer.
            float step = -1f / steps;
            float s = i < (steps + 1) / 2 ? 1f + step * i : -step * (steps - i);
            sigmas.Add(factor * s / (1f + (factor - 1f) * s));
        }

        var timesteps = sigmas.Select(sigma => sigma * TrainTimesteps).ToImmutableArray();
        sigmas.Add(0);
        return new FlowSchedule { Timesteps = timesteps, Sigmas = sigmas.MoveToImmutable() };
    }

    /// <summary>Given timesteps, sigma = t / 1000.</summary>
    public static FlowSchedule Of(IReadOnlyList<float> timesteps) => new()
    {
        Timesteps = [.. timesteps],
        Sigmas = [.. timesteps.Select(t => t / TrainTimesteps), 0],
    };

    /// <summary>Moves a noise level towards noise: shift · s / (1 + (shift − 1) · s).</summary>
    public static double Shifted(double s, double shift) => shift * s / (1 + (shift - 1) * s);

    private static FlowSchedule Truncated(int steps, double shift, double first, double end, double firstLoweredBy = 0)
    {
        Check(steps, shift);
        var timesteps = ImmutableArray.CreateBuilder<float>(steps);
        var sigmas = ImmutableArray.CreateBuilder<float>(steps + 1);
        double interval = (end - first) / steps;
        for (int i = 0; i < steps; i++)
        {
            // As numpy's linspace computes it: 20 unshifted steps from 1 to 0 contain 649, not 650.
            double sigma = Shifted(i * interval + first, shift);
            sigma -= i == 0 ? firstLoweredBy : 0;
            sigmas.Add((float)sigma);
            timesteps.Add((float)Math.Truncate(sigma * TrainTimesteps));
        }

        sigmas.Add(0);
        return new FlowSchedule { Timesteps = timesteps.MoveToImmutable(), Sigmas = sigmas.MoveToImmutable() };
    }

    private static void Check(int steps, double shift)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shift);
    }
}

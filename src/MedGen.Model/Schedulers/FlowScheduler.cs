using static TorchSharp.torch;

namespace MedGen.Model.Schedulers;

/// <summary>What all schedulers share: the schedule, the order of the calls and the half-logarithmic signal-to-noise ratio.</summary>
internal abstract class FlowScheduler(FlowSchedule schedule) : IScheduler
{
    private int? _lastIndex;

    public IReadOnlyList<float> Timesteps => schedule.Timesteps;

    public IReadOnlyList<float> Sigmas => schedule.Sigmas;

    public Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample)
    {
        ArgumentNullException.ThrowIfNull(modelOutput);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentOutOfRangeException.ThrowIfNegative(stepIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(stepIndex, schedule.Timesteps.Length);
        if (_lastIndex is { } last && stepIndex != last + 1)
        {
            throw new InvalidOperationException($"Step {stepIndex} cannot follow step {last}: a scheduler belongs to one run and takes its steps in order.");
        }

        _lastIndex = stepIndex;
        using var scope = NewDisposeScope();
        return Advance(modelOutput, stepIndex, sample).MoveToOuterDisposeScope();
    }

    public virtual void Dispose()
    {
    }

    /// <summary>The step itself, inside a dispose scope of its own; what must live on is detached from it.</summary>
    protected abstract Tensor Advance(Tensor modelOutput, int stepIndex, Tensor sample);

    /// <summary>Where the flow would end if the velocity stayed as it is: x0 = x − sigma · v.</summary>
    protected Tensor PredictedClean(Tensor modelOutput, int stepIndex, Tensor sample) => sample - modelOutput * (double)Sigmas[stepIndex];

    /// <summary>lambda = log(alpha) − log(sigma) with alpha = 1 − sigma: −∞ at pure noise, ∞ at the picture.</summary>
    protected double Lambda(int index)
    {
        double sigma = Sigmas[index];
        return Math.Log(1 - sigma) - Math.Log(sigma);
    }

    /// <summary>alpha = 1 − sigma, the share of the picture.</summary>
    protected double Alpha(int index) => 1 - (double)Sigmas[index];

    /// <summary>sigma after the step over sigma before it.</summary>
    protected double SigmaRatio(int after, int before) => (double)Sigmas[after] / Sigmas[before];
}

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

    public SchedulerState Save() => new() { LastIndex = _lastIndex, Counters = Counters(), Tensors = History() };

    public void Restore(SchedulerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (_lastIndex is not null)
        {
            throw new InvalidOperationException($"The scheduler stands at step {_lastIndex}; only a new one can go on where another stood.");
        }

        if (state.LastIndex is not { } last)
        {
            return;
        }

        if (last < 0 || last >= schedule.Timesteps.Length)
        {
            throw new ArgumentException($"The state stands at step {last}; this scheduler has {schedule.Timesteps.Length}.", nameof(state));
        }

        Remember(state);
        _lastIndex = last;
    }

    public virtual void Dispose()
    {
    }

    /// <summary>Counters that <see cref="Remember"/> needs.</summary>
    protected virtual IReadOnlyDictionary<string, int> Counters() => new Dictionary<string, int>();

    /// <summary>Tensors that <see cref="Remember"/> needs.</summary>
    protected virtual IReadOnlyDictionary<string, Tensor> History() => new Dictionary<string, Tensor>();

    /// <summary>Takes up what another scheduler remembered after at least one step.</summary>
    protected virtual void Remember(SchedulerState state)
    {
    }

    /// <summary>A copy of a remembered tensor that belongs to no scope.</summary>
    protected static Tensor Copy(SchedulerState state, string name) => state.Tensors.TryGetValue(name, out Tensor? kept)
        ? kept.clone().DetachFromDisposeScope()
        : throw new ArgumentException($"The state has no '{name}'.", nameof(state));

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

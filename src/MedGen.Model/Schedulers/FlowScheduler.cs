using static TorchSharp.torch;

namespace MedGen.Model.Schedulers;

/// <summary>
/// Integrates the probability flow from noise to picture. The flow is x = (1 − sigma) · x0 + sigma · noise and the model predicts its velocity
/// v = noise − x0. A scheduler belongs to one run: it keeps what earlier steps predicted. A run may start at any index and then takes every
/// following one in order.
/// </summary>
public abstract class FlowScheduler : IDisposable
{
    private readonly FlowSchedule _schedule;
    private int? _lastIndex;

    private protected FlowScheduler(FlowSchedule schedule) => _schedule = schedule;

    /// <summary>What the transformer gets at each step, 0 to 1000, falling; whole numbers except for flow Euler. N of them.</summary>
    public IReadOnlyList<float> Timesteps => _schedule.Timesteps;

    /// <summary>Share of noise before each step and, last, after all of them: N + 1 values from at most 1 down to 0.</summary>
    public IReadOnlyList<float> Sigmas => _schedule.Sigmas;

    /// <summary>Takes one step of the flow.</summary>
    /// <param name="modelOutput">Velocity at <c>Timesteps[stepIndex]</c>, float32, any shape.</param>
    /// <param name="stepIndex">0 to N − 1; the first call chooses where the run starts, later ones follow one by one.</param>
    /// <param name="sample">What the velocity was predicted from, same shape, float32.</param>
    /// <returns>The sample at <c>Sigmas[stepIndex + 1]</c>: a new tensor in the caller's dispose scope.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in 0 to N − 1.</exception>
    /// <exception cref="InvalidOperationException">The index does not follow the one before.</exception>
    public Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample)
    {
        ArgumentNullException.ThrowIfNull(modelOutput);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentOutOfRangeException.ThrowIfNegative(stepIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(stepIndex, _schedule.Timesteps.Length);
        if (_lastIndex is { } last && stepIndex != last + 1)
        {
            throw new InvalidOperationException(
                $"Step {stepIndex} cannot follow step {last}: a scheduler belongs to one run and takes its steps in order.");
        }

        _lastIndex = stepIndex;
        using var scope = NewDisposeScope();
        return Advance(modelOutput, stepIndex, sample).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The step at which a run begins that sends a source <paramref name="strength"/> of the way back to noise: <c>N − ⌊N · strength⌋</c>, but at
    /// least one step is taken.
    /// </summary>
    /// <param name="strength">Above 0, at most 1; 1 begins at step 0.</param>
    /// <returns>0 to N − 1.</returns>
    public int StartIndex(double strength) => Timesteps.Count - StepsFor(strength, Timesteps.Count);

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
    /// <param name="source">Latents of the source, float32, any shape.</param>
    /// <param name="noise">Noise of the same shape.</param>
    /// <param name="startIndex">The step at which the run begins.</param>
    /// <returns>A new tensor.</returns>
    public Tensor AddNoise(Tensor source, Tensor noise, int startIndex)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(noise);
        if (startIndex == 0)
        {
            return noise.clone();
        }

        double sigma = Sigmas[startIndex];
        using var scope = NewDisposeScope();
        return (source * (1 - sigma) + noise * sigma).MoveToOuterDisposeScope();
    }

    /// <summary>What must be kept to go on later.</summary>
    /// <returns>The state; its tensors belong to the scheduler and hold until its next step.</returns>
    public SchedulerState Save() => new() { LastIndex = _lastIndex, Counters = Counters(), Tensors = History() };

    /// <summary>
    /// Goes on where another scheduler of the same kind, steps and shift stood. Fresh noise, where there is any, comes from this run's own generator.
    /// </summary>
    /// <param name="state">What <see cref="Save"/> gave; its tensors are copied.</param>
    /// <exception cref="ArgumentException">The state is not one of this scheduler: an index out of range, or something that it needs is
    /// missing.</exception>
    /// <exception cref="InvalidOperationException">This scheduler has taken steps of its own.</exception>
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

        if (last < 0 || last >= _schedule.Timesteps.Length)
        {
            throw new ArgumentException($"The state stands at step {last}; this scheduler has {_schedule.Timesteps.Length}.", nameof(state));
        }

        Remember(state);
        _lastIndex = last;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what earlier steps predicted.</summary>
    /// <param name="disposing">Always true: there is no finaliser.</param>
    protected virtual void Dispose(bool disposing)
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

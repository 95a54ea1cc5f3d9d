using static TorchSharp.torch;

namespace MedGen.Model.Schedulers;

/// <summary>
/// UniPC multistep of order 2 with the B2(h) = e^h − 1 variant on the predicted picture (Zhao et al. 2023, arXiv 2302.04867), as in Wan2.1
/// <c>fm_solvers_unipc.py</c> and diffusers <c>scheduling_unipc_multistep.py</c>; the two differ in their schedules only.
/// </summary>
internal sealed class UniPCScheduler(FlowSchedule schedule) : FlowScheduler(schedule)
{
    private const int SolverOrder = 2;

    private Tensor? _clean; // x0 predicted at the last step
    private Tensor? _cleanBefore; // x0 predicted at the step before it
    private Tensor? _lastSample; // corrected sample that the last step started from
    private int _lastOrder;
    private int _stepsTaken;

    protected override void Dispose(bool disposing)
    {
        _clean?.Dispose();
        _cleanBefore?.Dispose();
        _lastSample?.Dispose();
        base.Dispose(disposing);
    }

    protected override IReadOnlyDictionary<string, int> Counters() =>
        new Dictionary<string, int> { ["last_order"] = _lastOrder, ["steps_taken"] = _stepsTaken };

    protected override IReadOnlyDictionary<string, Tensor> History()
    {
        Dictionary<string, Tensor> history = [];
        foreach ((string name, Tensor? kept) in new[] { ("clean", _clean), ("clean_before", _cleanBefore), ("last_sample", _lastSample) })
        {
            if (kept is not null)
            {
                history.Add(name, kept);
            }
        }

        return history;
    }

    protected override void Remember(SchedulerState state)
    {
        if (!state.Counters.TryGetValue("last_order", out _lastOrder) || !state.Counters.TryGetValue("steps_taken", out _stepsTaken)
            || _lastOrder is < 1 or > SolverOrder || _stepsTaken < _lastOrder)
        {
            throw new ArgumentException("The state lacks last_order (1 or 2) or steps_taken (at least that).", nameof(state));
        }

        _clean = Copy(state, "clean");
        _lastSample = Copy(state, "last_sample");
        _cleanBefore = _stepsTaken > 1 ? Copy(state, "clean_before") : null;
    }

    protected override Tensor Advance(Tensor modelOutput, int stepIndex, Tensor sample)
    {
        Tensor clean = PredictedClean(modelOutput, stepIndex, sample).DetachFromDisposeScope();
        Tensor corrected = _lastSample is null ? sample.alias() : Correct(clean, stepIndex);
        _lastSample?.Dispose();
        _lastSample = corrected.DetachFromDisposeScope();
        _cleanBefore?.Dispose();
        _cleanBefore = _clean;
        _clean = clean;

        // The reference lowers the order at both ends: no history at first, and no step beyond the last.
        _lastOrder = Math.Min(Math.Min(SolverOrder, Timesteps.Count - stepIndex), _stepsTaken + 1);
        _stepsTaken++;
        return Predict(stepIndex);
    }

    /// <summary>From sigma[i] to sigma[i + 1] with what is known at i and before. At the last step h = ∞, and the result is x0.</summary>
    private Tensor Predict(int index)
    {
        double h = Lambda(index + 1) - Lambda(index);
        double phi1 = ExpMinusOne(-h);
        Tensor result = _lastSample! * SigmaRatio(index + 1, index) - _clean! * (Alpha(index + 1) * phi1);
        if (_lastOrder == 1)
        {
            return result;
        }

        double ratio = (Lambda(index - 1) - Lambda(index)) / h;
        Tensor slope = (_cleanBefore! - _clean!) / ratio;
        return result - slope * (Alpha(index + 1) * phi1 * 0.5);
    }

    /// <summary>The last step once more, of the same order as then, now that the prediction at its end is known.</summary>
    private Tensor Correct(Tensor clean, int index)
    {
        double h = Lambda(index) - Lambda(index - 1);
        double phi1 = ExpMinusOne(-h);
        Tensor result = _lastSample! * SigmaRatio(index, index - 1) - _clean! * (Alpha(index) * phi1);
        Tensor difference = clean - _clean!;
        if (_lastOrder == 1)
        {
            return result - difference * (Alpha(index) * phi1 * 0.5);
        }

        // Order 2 solves [1 1; r 1] · rho = (phi2, 2 · phi3) / B(h) for the weights of the slope and of the difference.
        double ratio = (Lambda(index - 2) - Lambda(index - 1)) / h;
        double phi2 = phi1 / -h - 1;
        double phi3 = phi2 / -h - 0.5;
        double first = phi2 / phi1;
        double second = 2 * phi3 / phi1;
        double rhoSlope = (second - first) / (ratio - 1);
        Tensor slope = (_cleanBefore! - _clean!) / ratio;
        return result - (slope * rhoSlope + difference * (first - rhoSlope)) * (Alpha(index) * phi1);
    }

    private static double ExpMinusOne(double x)
    {
        if (Math.Abs(x) >= 1e-2)
        {
            return Math.Exp(x) - 1;
        }

        // Enough terms for full double precision where exp(x) − 1 would cancel.
        return x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6)))));
    }
}

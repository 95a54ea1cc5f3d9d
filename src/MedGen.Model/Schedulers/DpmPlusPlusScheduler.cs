using static TorchSharp.torch;

namespace MedGen.Model.Schedulers;

/// <summary>
/// DPM-Solver++ 2M, midpoint form, on the predicted picture (Lu et al. 2022, arXiv 2211.01095), as in Wan2.1 <c>fm_solvers.py</c>. Its first
/// sigma is exactly 1, so lambda starts at −∞; in that arithmetic the first second-order step gives its slope the weight 0.
/// </summary>
internal sealed class DpmPlusPlusScheduler(int steps, double shift) : FlowScheduler(FlowSchedule.SamplingSigmas(steps, shift))
{
    private Tensor? _cleanBefore;

    protected override void Dispose(bool disposing)
    {
        _cleanBefore?.Dispose();
        base.Dispose(disposing);
    }

    protected override IReadOnlyDictionary<string, Tensor> History() =>
        _cleanBefore is null ? new Dictionary<string, Tensor>() : new Dictionary<string, Tensor> { ["clean"] = _cleanBefore };

    protected override void Remember(SchedulerState state) => _cleanBefore = Copy(state, "clean");

    protected override Tensor Advance(Tensor modelOutput, int stepIndex, Tensor sample)
    {
        Tensor clean = PredictedClean(modelOutput, stepIndex, sample);
        double h = Lambda(stepIndex + 1) - Lambda(stepIndex);
        double weight = -Alpha(stepIndex + 1) * (Math.Exp(-h) - 1);
        Tensor result = sample * SigmaRatio(stepIndex + 1, stepIndex) + clean * weight;
        bool isLast = stepIndex == Timesteps.Count - 1;
        if (_cleanBefore is not null && !isLast)
        {
            double ratio = (Lambda(stepIndex) - Lambda(stepIndex - 1)) / h;
            result += (clean - _cleanBefore) * (0.5 * weight / ratio);
        }

        _cleanBefore?.Dispose();
        _cleanBefore = clean.DetachFromDisposeScope();
        return result;
    }
}

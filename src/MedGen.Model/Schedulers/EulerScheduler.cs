using static TorchSharp.torch;

namespace MedGen.Model.Schedulers;

/// <summary>First-order integration of the flow, x + v · (sigma' − sigma), with DiffSynth-Studio's schedule (<c>flow_match.py</c>).</summary>
internal sealed class EulerScheduler(int steps, double shift) : FlowScheduler(FlowSchedule.FlowMatch(steps, shift))
{
    protected override Tensor Advance(Tensor modelOutput, int stepIndex, Tensor sample) =>
        sample + modelOutput * (double)(Sigmas[stepIndex + 1] - Sigmas[stepIndex]);
}

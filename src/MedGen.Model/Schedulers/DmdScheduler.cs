using static TorchSharp.torch;

namespace MedGen.Model.Schedulers;

/// <summary>
/// Few-step sampling of models distilled by distribution matching (Yin et al. 2024, arXiv 2405.14867; FastVideo's FastWan): predict the picture,
/// then send it back to the next noise level with fresh noise. Guidance is distilled into the weights and must be off.
/// </summary>
internal sealed class DmdScheduler : FlowScheduler
{
    /// <summary>The timesteps that FastWan 2.1 was distilled at, used for 3 steps whatever the shift.</summary>
    private static readonly float[] FastWan = [1000, 757, 522];

    private readonly Generator _generator;

    /// <param name="steps">3: FastWan's timesteps; any other number: evenly spaced from 1, then shifted.</param>
    /// <param name="shift">Shift of the schedule.</param>
    /// <param name="generator">CPU generator of the run, the only source of noise.</param>
    public DmdScheduler(int steps, double shift, Generator generator)
        : base(steps == FastWan.Length ? FlowSchedule.Of(FastWan) : FlowSchedule.SamplingSigmas(steps, shift))
    {
        ArgumentNullException.ThrowIfNull(generator);
        _generator = generator;
    }

    protected override Tensor Advance(Tensor modelOutput, int stepIndex, Tensor sample)
    {
        Tensor clean = PredictedClean(modelOutput, stepIndex, sample);
        double next = Sigmas[stepIndex + 1];
        if (next == 0)
        {
            return clean;
        }

        // Drawn on the CPU in float32, so that every device sees the same noise.
        Tensor noise = randn(sample.shape, dtype: ScalarType.Float32, generator: _generator).to(sample.device);
        return clean * (1 - next) + noise * next;
    }
}

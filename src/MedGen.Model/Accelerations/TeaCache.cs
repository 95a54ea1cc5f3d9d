using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Accelerations;

/// <summary>
/// Which steps reuse what the blocks added before (TeaCache, arXiv 2411.19108, as its authors' <c>teacache_generate.py</c> for Wan 2.1 does without
/// <c>use_ret_steps</c>). It depends on the timesteps alone, so it is known before the run.
/// </summary>
internal static class TeaCache
{
    // Relative change of the time embedding to relative change of the output, highest power first; fitted by the authors to Wan 2.1 1.3B and 14B.
    private static readonly double[] Small = [2396.76752, -1311.10545, 201.331979, -8.29855975, 0.137887774];
    private static readonly double[] Large = [-5784.54975374, 5449.50911966, -1811.16591783, 256.27178429, -13.02252404];

    /// <summary>Decides for all steps.</summary>
    /// <param name="transformer">The model; one that is not Wan 2.1 14B takes the coefficients of 1.3B, which were not fitted to it.</param>
    /// <param name="timesteps">Timestep of each step of the run.</param>
    /// <param name="threshold">Accumulated change that is let pass.</param>
    /// <param name="context">Adapters in use.</param>
    /// <returns>For each step whether it reuses.</returns>
    public static bool[] Plan(WanTransformer transformer, IReadOnlyList<float> timesteps, double threshold, ForwardContext context)
    {
        using var scope = NewDisposeScope();
        Tensor embedded = transformer.EmbedTime(timesteps, context); // [steps, dim]
        double[] changes = new double[timesteps.Count];
        for (int i = 1; i < changes.Length; i++)
        {
            changes[i] = ((embedded[i] - embedded[i - 1]).abs().mean() / embedded[i - 1].abs().mean()).item<float>();
        }

        return Plan(changes, threshold, transformer.Config.Variant == WanTransformerConfig.T2V14B.Variant ? Large : Small);
    }

    /// <summary>Decides by the relative changes; the first and the last step are always computed.</summary>
    internal static bool[] Plan(IReadOnlyList<double> changes, double threshold, IReadOnlyList<double>? coefficients = null)
    {
        bool[] reuse = new bool[changes.Count];
        double sum = 0;
        for (int i = 1; i < changes.Count - 1; i++)
        {
            sum += (coefficients ?? Small).Aggregate(0.0, (value, coefficient) => (value * changes[i]) + coefficient);
            reuse[i] = sum < threshold;
            sum = reuse[i] ? sum : 0;
        }

        return reuse;
    }
}

using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Transformers;

/// <summary>Embeds timesteps (Wan2.1 <c>model.py</c>, <c>time_embedding</c> and <c>time_projection</c>), in float32.</summary>
internal sealed class TimeEmbedding(ParameterSet parameters, WanTransformerConfig config)
{
    private readonly AdaptableLinear _first = AdaptableLinear.TakeFloat32(parameters, "time_embedding.0", config.Dim, config.FreqDim);
    private readonly AdaptableLinear _second = AdaptableLinear.TakeFloat32(parameters, "time_embedding.2", config.Dim, config.Dim);
    private readonly AdaptableLinear _projection = AdaptableLinear.TakeFloat32(parameters, "time_projection.1", 6 * config.Dim, config.Dim);

    /// <summary>Embeds timesteps.</summary>
    /// <param name="timesteps">[B], 0 to 1000.</param>
    /// <param name="adapters">Adapters; null: none.</param>
    /// <param name="observe">Told of <c>time_sinusoid</c>, <c>e</c> and <c>e0</c>; null: nobody looks.</param>
    /// <returns>e for the head, [B, dim], and e0 for the blocks, [B, 6, dim].</returns>
    public (Tensor E, Tensor E0) Forward(Tensor timesteps, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        // Sinusoid in float64: float32 angles would cost 2e-5.
        int half = config.FreqDim / 2;
        Tensor frequencies = pow(10000.0, arange(0, half, ScalarType.Float64) / -(double)half); // [freqDim / 2]
        Tensor angles = outer(timesteps.to(ScalarType.Float64, CPU), frequencies); // [B, freqDim / 2]
        Tensor sinusoid = cat([angles.cos(), angles.sin()], dim: 1).to(ScalarType.Float32, parameters.Device); // [B, freqDim]
        Tensor e = _second.Forward(functional.silu(_first.Forward(sinusoid, adapters), false), adapters); // [B, dim]
        Tensor e0 = _projection.Forward(functional.silu(e, false), adapters).unflatten(1, [6, config.Dim]); // [B, 6, dim]
        observe?.Invoke("time_sinusoid", sinusoid);
        observe?.Invoke("e", e);
        observe?.Invoke("e0", e0);
        return (e, e0);
    }
}

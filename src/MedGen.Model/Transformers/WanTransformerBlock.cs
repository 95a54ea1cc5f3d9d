using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Transformers;

/// <summary>Self-attention, cross-attention and feed-forward, the first and last modulated by the time (Wan2.1 <c>WanAttentionBlock</c>).</summary>
internal sealed class WanTransformerBlock(ParameterSet parameters, int index, WanTransformerConfig config)
{
    private readonly Tensor _modulation = parameters.TakeFloat32($"blocks.{index}.modulation", 1, 6, config.Dim);
    private readonly WanAttention _selfAttention = new(parameters, $"blocks.{index}.self_attn", config);
    private readonly WanAttention _crossAttention = new(parameters, $"blocks.{index}.cross_attn", config);
    private readonly Tensor? _norm3Weight = config.CrossAttnNorm ? parameters.TakeFloat32($"blocks.{index}.norm3.weight", config.Dim) : null;
    private readonly Tensor? _norm3Bias = config.CrossAttnNorm ? parameters.TakeFloat32($"blocks.{index}.norm3.bias", config.Dim) : null;
    private readonly AdaptableLinear _ffn0 = AdaptableLinear.Take(parameters, $"blocks.{index}.ffn.0", config.FfnDim, config.Dim);
    private readonly AdaptableLinear _ffn2 = AdaptableLinear.Take(parameters, $"blocks.{index}.ffn.2", config.Dim, config.FfnDim);

    /// <summary>
    /// x [B, S, dim] float32 (the residual stream stays in float32), e0 [B, 6, dim] float32 → [B, S, dim] float32.
    /// </summary>
    public Tensor Forward(Tensor x, Tensor e0, RotaryEmbedding rotary, TextKeys text, AdapterSet? adapters)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        ScalarType dtype = _ffn0.Weight.dtype;
        Tensor[] m = (_modulation + e0).chunk(6, dim: 1); // 6 × [B, 1, dim]: shift, scale, gate of self-attention, then of feed-forward

        Tensor attended = _selfAttention.SelfAttention(Modulate(x, m[0], m[1]).to_type(dtype), rotary, adapters); // [B, S, dim]
        x = x.addcmul(attended.to_type(ScalarType.Float32), m[2], 1);

        Tensor normed = config.CrossAttnNorm ? functional.layer_norm(x, [config.Dim], _norm3Weight, _norm3Bias, config.Eps) : x;
        x = x + _crossAttention.CrossAttention(normed.to_type(dtype), text, adapters).to_type(ScalarType.Float32); // no gate

        Tensor hidden = functional.gelu(_ffn0.Forward(Modulate(x, m[3], m[4]).to_type(dtype), adapters), TorchSharp.Modules.GELU.Approximate.tanh, false); // [B, S, ffnDim]
        x = x.addcmul(_ffn2.Forward(hidden, adapters).to_type(ScalarType.Float32), m[5], 1);
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values of the text context [B, L, dim]; they belong to the caller's scope.</summary>
    public (Tensor Key, Tensor Value) TextProjection(Tensor context, AdapterSet? adapters) => _crossAttention.TextProjection(context, adapters);

    private Tensor Modulate(Tensor x, Tensor shift, Tensor scale) =>
        (functional.layer_norm(x, [config.Dim], null!, null!, config.Eps) * (scale + 1)) + shift; // [B, S, dim]
}

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
    /// x [B, S, dim] float32 (the residual stream stays in float32), e0 [B, 6, dim] float32 → [B, S, dim] float32. The observer, if any, is told of each inner
    /// result by name.
    /// </summary>
    public Tensor Forward(Tensor x, Tensor e0, RotaryEmbedding rotary, TextKeys text, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        ScalarType dtype = _ffn0.Weight.dtype;
        Tensor[] m = (_modulation + e0).chunk(6, dim: 1); // 6 × [B, 1, dim]: shift, scale, gate of self-attention, then of feed-forward

        Tensor normed = Normalize(x); // [B, S, dim]
        observe?.Invoke("norm1", normed);
        Tensor modulated = (normed * (m[1] + 1)) + m[0]; // [B, S, dim]
        observe?.Invoke("self_attn_in", modulated);
        Tensor attended = _selfAttention.SelfAttention(modulated.to_type(dtype), rotary, adapters, observe); // [B, S, dim]
        observe?.Invoke("self_attn", attended);
        x = x.addcmul(attended.to_type(ScalarType.Float32), m[2], 1);

        normed = config.CrossAttnNorm ? functional.layer_norm(x, [config.Dim], _norm3Weight, _norm3Bias, config.Eps) : x;
        observe?.Invoke("norm3", normed);
        attended = _crossAttention.CrossAttention(normed.to_type(dtype), text, adapters); // [B, S, dim]
        observe?.Invoke("cross_attn", attended);
        x = x + attended.to_type(ScalarType.Float32); // no gate

        normed = Normalize(x);
        observe?.Invoke("norm2", normed);
        modulated = (normed * (m[4] + 1)) + m[3]; // [B, S, dim]
        observe?.Invoke("ffn_in", modulated);
        Tensor hidden = functional.gelu(_ffn0.Forward(modulated.to_type(dtype), adapters), TorchSharp.Modules.GELU.Approximate.tanh, false); // [B, S, ffnDim]
        Tensor fed = _ffn2.Forward(hidden, adapters); // [B, S, dim]
        observe?.Invoke("ffn", fed);
        x = x.addcmul(fed.to_type(ScalarType.Float32), m[5], 1);
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values of the text context [B, L, dim]; they belong to the caller's scope.</summary>
    public (Tensor Key, Tensor Value) TextProjection(Tensor context, AdapterSet? adapters) => _crossAttention.TextProjection(context, adapters);

    private Tensor Normalize(Tensor x) => functional.layer_norm(x, [config.Dim], null!, null!, config.Eps); // [B, S, dim]
}

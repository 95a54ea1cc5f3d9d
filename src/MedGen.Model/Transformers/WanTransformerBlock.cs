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

    private ScalarType DataType => _ffn0.Weight.dtype;

    /// <summary>
    /// x [B, S, dim] float32 (the residual stream stays in float32), e0 [B, 6, dim] float32 → [B, S, dim] float32. The observer, if any, is told of each inner
    /// result by name. Each part frees its inner results before the next begins: they are many times the size of x.
    /// </summary>
    public Tensor Forward(Tensor x, Tensor e0, RotaryEmbedding rotary, TextKeys text, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor[] m = (_modulation + e0).chunk(6, dim: 1); // 6 × [B, 1, dim]: shift, scale, gate of self-attention, then of feed-forward
        using Tensor attended = AddSelfAttention(x, m[0], m[1], m[2], rotary, adapters, observe); // [B, S, dim]
        using Tensor informed = AddCrossAttention(attended, text, adapters, observe); // [B, S, dim]
        return AddFeedForward(informed, m[3], m[4], m[5], adapters, observe).MoveToOuterDisposeScope(); // [B, S, dim]
    }

    /// <summary>Keys and values of the text context [B, L, dim]; they belong to the caller's scope.</summary>
    public (Tensor Key, Tensor Value) TextProjection(Tensor context, AdapterSet? adapters) => _crossAttention.TextProjection(context, adapters);

    private Tensor AddSelfAttention(
        Tensor x, Tensor shift, Tensor scale, Tensor gate, RotaryEmbedding rotary, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor input = Modulate(x, shift, scale, "norm1", "self_attn_in", observe); // [B, S, dim]
        Tensor attended = _selfAttention.SelfAttention(input, rotary, adapters, observe); // [B, S, dim]
        observe?.Invoke("self_attn", attended);
        return x.addcmul(attended.to_type(ScalarType.Float32), gate, 1).MoveToOuterDisposeScope();
    }

    private Tensor AddCrossAttention(Tensor x, TextKeys text, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor normed = config.CrossAttnNorm ? functional.layer_norm(x, [config.Dim], _norm3Weight, _norm3Bias, config.Eps) : x; // [B, S, dim]
        observe?.Invoke("norm3", normed);
        Tensor attended = _crossAttention.CrossAttention(normed.to_type(DataType), text, adapters); // [B, S, dim]
        observe?.Invoke("cross_attn", attended);
        return (x + attended.to_type(ScalarType.Float32)).MoveToOuterDisposeScope(); // no gate
    }

    private Tensor AddFeedForward(Tensor x, Tensor shift, Tensor scale, Tensor gate, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor input = Modulate(x, shift, scale, "norm2", "ffn_in", observe); // [B, S, dim]
        Tensor hidden = functional.gelu(_ffn0.Forward(input, adapters), TorchSharp.Modules.GELU.Approximate.tanh, false); // [B, S, ffnDim]
        Tensor fed = _ffn2.Forward(hidden, adapters); // [B, S, dim]
        observe?.Invoke("ffn", fed);
        return x.addcmul(fed.to_type(ScalarType.Float32), gate, 1).MoveToOuterDisposeScope();
    }

    // In the number type of the linears.
    private Tensor Modulate(Tensor x, Tensor shift, Tensor scale, string normName, string name, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor normed = functional.layer_norm(x, [config.Dim], null!, null!, config.Eps); // [B, S, dim]
        observe?.Invoke(normName, normed);
        Tensor modulated = (normed * (scale + 1)) + shift; // [B, S, dim]
        observe?.Invoke(name, modulated);
        return modulated.to_type(DataType).MoveToOuterDisposeScope();
    }
}

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
    private readonly FeedForward _feedForward = new(parameters, $"blocks.{index}.ffn", config);

    /// <summary>
    /// The residual stream x [B, S, dim] stays in float32; e0 [B, 6, dim] float32. Without a gradient x itself is changed and returned, otherwise a new tensor is.
    /// The observer, if any, is told of each inner result by name. Each part frees its inner results before the next begins: they are many times the size of x.
    /// </summary>
    public Tensor Forward(Tensor x, Tensor e0, RotaryEmbedding rotary, TextKeys text, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor[] m = (_modulation + e0).chunk(6, dim: 1); // 6 × [B, 1, dim]: shift, scale, gate of self-attention, then of feed-forward
        Tensor y = Add(x, SelfAttention(x, m[0], m[1], rotary, adapters, observe), m[2]); // [B, S, dim]
        y = Add(y, CrossAttention(y, text, adapters, observe), gate: null); // [B, S, dim]
        y = Add(y, FeedForward(y, m[3], m[4], adapters, observe), m[5]); // [B, S, dim]
        return ReferenceEquals(y, x) ? x : y.MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values of the text context [B, L, dim]; they belong to the caller's scope.</summary>
    public (Tensor Key, Tensor Value) TextProjection(Tensor context, AdapterSet? adapters) => _crossAttention.TextProjection(context, adapters);

    // x + change · gate.
    private static Tensor Add(Tensor x, Tensor change, Tensor? gate)
    {
        using (change)
        {
            if (x.requires_grad || change.requires_grad || gate is { requires_grad: true })
            {
                using Tensor wide = change.to_type(ScalarType.Float32, copy: true);
                return gate is null ? x + wide : x.addcmul(wide, gate, 1);
            }

            return gate is null ? x.add_(change) : x.addcmul_(change, gate, 1);
        }
    }

    private Tensor SelfAttention(Tensor x, Tensor shift, Tensor scale, RotaryEmbedding rotary, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor input = Modulate(x, shift, scale, "norm1", "self_attn_in", observe); // [B, S, dim]
        Tensor attended = _selfAttention.SelfAttention(input, rotary, adapters, observe); // [B, S, dim]
        observe?.Invoke("self_attn", attended);
        return attended.MoveToOuterDisposeScope();
    }

    private Tensor CrossAttention(Tensor x, TextKeys text, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor normed = config.CrossAttnNorm ? functional.layer_norm(x, [config.Dim], _norm3Weight, _norm3Bias, config.Eps) : x; // [B, S, dim]
        observe?.Invoke("norm3", normed);
        Tensor attended = _crossAttention.CrossAttention(normed.to_type(text.Key.dtype), text, adapters); // [B, S, dim]
        observe?.Invoke("cross_attn", attended);
        return attended.MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor x, Tensor shift, Tensor scale, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor fed = _feedForward.Forward(Modulate(x, shift, scale, "norm2", "ffn_in", observe), adapters); // [B, S, dim]
        observe?.Invoke("ffn", fed);
        return fed.MoveToOuterDisposeScope();
    }

    // LN(x) · (1 + scale) + shift, in the number type of the linears. For one clip the norm's own weights do it in the same pass.
    private Tensor Modulate(Tensor x, Tensor shift, Tensor scale, string normName, string name, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        observe?.Invoke(normName, functional.layer_norm(x, [config.Dim], null!, null!, config.Eps));
        Tensor modulated = x.size(0) == 1
            ? functional.layer_norm(x, [config.Dim], (scale + 1).view(config.Dim), shift.view(config.Dim), config.Eps)
            : shift.addcmul(functional.layer_norm(x, [config.Dim], null!, null!, config.Eps), scale + 1, 1); // [B, S, dim]
        observe?.Invoke(name, modulated);
        return modulated.to_type(_feedForward.DataType).MoveToOuterDisposeScope();
    }
}

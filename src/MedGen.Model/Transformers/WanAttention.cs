using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Transformers;

/// <summary>Multi-head attention with RMS norm over the whole width of queries and keys (Wan2.1 <c>WanSelfAttention</c>, <c>WanT2VCrossAttention</c>).</summary>
internal sealed class WanAttention(ParameterSet parameters, string name, WanTransformerConfig config)
{
    private readonly AdaptableLinear _q = AdaptableLinear.Take(parameters, $"{name}.q", config.Dim, config.Dim);
    private readonly AdaptableLinear _k = AdaptableLinear.Take(parameters, $"{name}.k", config.Dim, config.Dim);
    private readonly AdaptableLinear _v = AdaptableLinear.Take(parameters, $"{name}.v", config.Dim, config.Dim);
    private readonly AdaptableLinear _o = AdaptableLinear.Take(parameters, $"{name}.o", config.Dim, config.Dim);
    private readonly Tensor? _normQ = config.QkNorm ? parameters.TakeFloat32($"{name}.norm_q.weight", config.Dim) : null;
    private readonly Tensor? _normK = config.QkNorm ? parameters.TakeFloat32($"{name}.norm_k.weight", config.Dim) : null;

    /// <summary>Video tokens attend to each other: x [B, S, dim] → [B, S, dim].</summary>
    public Tensor SelfAttention(Tensor x, RotaryEmbedding rotary, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        Tensor normed = Norm(_q.Forward(x, adapters), _normQ); // [B, S, dim]
        observe?.Invoke("self_attn.norm_q", normed);
        Tensor q = rotary.Apply(SplitHeads(normed)); // [B, S, heads, headDim]
        observe?.Invoke("self_attn.q_rope", q);
        (Tensor k, Tensor v) = Project(x, adapters); // [B, S, heads, headDim]
        k = rotary.Apply(k); // [B, S, heads, headDim]
        observe?.Invoke("self_attn.k_rope", k);
        return Attend(q.to_type(x.dtype).transpose(1, 2), k.to_type(x.dtype).transpose(1, 2), v.transpose(1, 2), null, adapters);
    }

    /// <summary>Video tokens attend to the text: x [B, S, dim] → [B, S, dim].</summary>
    public Tensor CrossAttention(Tensor x, TextKeys text, AdapterSet? adapters)
    {
        Tensor q = SplitHeads(Norm(_q.Forward(x, adapters), _normQ)).transpose(1, 2); // [B, heads, S, headDim]
        return Attend(q, text.Key, text.Value, text.Bias, adapters);
    }

    /// <summary>Keys and values of a text context [B, L, dim]; the caller owns them.</summary>
    public (Tensor Key, Tensor Value) TextProjection(Tensor context, AdapterSet? adapters)
    {
        (Tensor k, Tensor v) = Project(context, adapters);
        return (k.transpose(1, 2).contiguous(), v.transpose(1, 2).contiguous()); // [B, heads, L, headDim]
    }

    private (Tensor Key, Tensor Value) Project(Tensor x, AdapterSet? adapters) =>
        (SplitHeads(Norm(_k.Forward(x, adapters), _normK)), SplitHeads(_v.Forward(x, adapters)));

    private Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor? bias, AdapterSet? adapters)
    {
        Tensor attended = functional.scaled_dot_product_attention(q, k, v, bias); // [B, heads, S, headDim]
        return _o.Forward(attended.transpose(1, 2).flatten(2), adapters); // [B, S, dim]
    }

    // x · rsqrt(mean x² + eps) · w; statistics in float32.
    private Tensor Norm(Tensor x, Tensor? weight)
    {
        if (weight is null)
        {
            return x;
        }

        Tensor wide = x.to_type(ScalarType.Float32);
        Tensor scale = (wide.square().mean([-1], keepdim: true) + config.Eps).rsqrt(); // [B, S, 1]
        return (wide * scale * weight).to_type(x.dtype); // [B, S, dim]
    }

    private Tensor SplitHeads(Tensor x) => x.view(x.shape[0], x.shape[1], config.NumHeads, config.HeadDim); // [B, S, heads, headDim]
}

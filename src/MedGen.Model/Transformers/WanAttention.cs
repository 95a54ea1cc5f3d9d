using MedGen.Model.Adapters;
using MedGen.Model.Parameters;
using static TorchSharp.torch;

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
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor q = Turn(_q, _normQ, "q", x, rotary, adapters, observe); // [B, heads, S, headDim]
        Tensor k = Turn(_k, _normK, "k", x, rotary, adapters, observe); // [B, heads, S, headDim]
        Tensor v = HeadsFirst(SplitHeads(_v.Forward(x, adapters))); // [B, heads, S, headDim]
        return Attend(q, k, v, null, adapters).MoveToOuterDisposeScope();
    }

    /// <summary>Video tokens attend to the text: x [B, S, dim] → [B, S, dim].</summary>
    public Tensor CrossAttention(Tensor x, TextKeys text, AdapterSet? adapters)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor q = HeadsFirst(SplitHeads(Norm(_q.Forward(x, adapters), _normQ).to_type(x.dtype))); // [B, heads, S, headDim]
        return Attend(q, text.Key, text.Value, text.Bias, adapters).MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values of a text context [B, L, dim]; the caller owns them.</summary>
    public (Tensor Key, Tensor Value) TextProjection(Tensor context, AdapterSet? adapters)
    {
        Tensor k = SplitHeads(Norm(_k.Forward(context, adapters), _normK).to_type(context.dtype)); // [B, L, heads, headDim]
        Tensor v = SplitHeads(_v.Forward(context, adapters)); // [B, L, heads, headDim]
        return (HeadsFirst(k).contiguous(), HeadsFirst(v).contiguous()); // [B, heads, L, headDim]
    }

    // Queries or keys, normalised and turned, in the number type of x: [B, heads, S, headDim].
    private Tensor Turn(AdaptableLinear projection, Tensor? norm, string letter, Tensor x, RotaryEmbedding rotary, AdapterSet? adapters, Action<string, Tensor>? observe)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor normed = Norm(projection.Forward(x, adapters), norm); // [B, S, dim]
        observe?.Invoke($"self_attn.norm_{letter}", normed);
        Tensor turned = rotary.Apply(SplitHeads(normed)); // [B, S, heads, headDim]
        observe?.Invoke($"self_attn.{letter}_rope", turned);
        return HeadsFirst(turned.to_type(x.dtype)).MoveToOuterDisposeScope(); // [B, heads, S, headDim]
    }

    private Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor? bias, AdapterSet? adapters)
    {
        Tensor attended = DotProductAttention.Forward(q, k, v, bias); // [B, heads, S, headDim]
        return _o.Forward(attended.transpose(1, 2).flatten(2), adapters); // [B, S, dim]
    }

    // x · rsqrt(mean x² + eps) · w in float32, for a projection that nobody else holds: without a gradient it is changed in place.
    private Tensor Norm(Tensor x, Tensor? weight)
    {
        if (weight is null)
        {
            return x;
        }

        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor wide = x.to_type(ScalarType.Float32); // [B, S, dim]
        if (wide.requires_grad || weight.requires_grad)
        {
            return (wide * (wide.square().mean([-1], keepdim: true) + config.Eps).rsqrt() * weight).MoveToOuterDisposeScope(); // [B, S, dim]
        }

        Tensor length = linalg.vector_norm(wide, 2, [-1], keepdim: true); // [B, S, 1]
        return wide.mul_((length.square() / config.Dim + config.Eps).rsqrt()).mul_(weight).MoveToOuterDisposeScope(); // [B, S, dim]
    }

    private Tensor SplitHeads(Tensor x) => x.view(x.shape[0], x.shape[1], config.NumHeads, config.HeadDim); // [B, S, heads, headDim]

    private static Tensor HeadsFirst(Tensor x) => x.transpose(1, 2); // [B, heads, S, headDim]
}

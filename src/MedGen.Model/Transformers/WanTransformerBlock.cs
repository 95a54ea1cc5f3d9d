using MedGen.Model.Parameters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGen.Model.Transformers;

/// <summary>Self-attention, cross-attention and feed-forward, the first and last modulated by the time (Wan2.1 <c>WanAttentionBlock</c>).</summary>
internal sealed class WanTransformerBlock(ParameterSet parameters, int index, WanTransformerConfig config)
{
    private readonly Tensor _modulation = parameters.TakeFloat32($"blocks.{index}.modulation", 1, 6, config.Dim);
    private readonly WanAttention _selfAttention = new(parameters, $"blocks.{index}.self_attn", config);
    private readonly WanAttention _crossAttention = new(parameters, $"blocks.{index}.cross_attn", config, config.ImageDim is not null);
    private readonly Tensor? _norm3Weight = config.CrossAttnNorm ? parameters.TakeFloat32($"blocks.{index}.norm3.weight", config.Dim) : null;
    private readonly Tensor? _norm3Bias = config.CrossAttnNorm ? parameters.TakeFloat32($"blocks.{index}.norm3.bias", config.Dim) : null;
    private readonly FeedForward _feedForward = new(parameters, $"blocks.{index}.ffn", config);

    /// <summary>Computes the block. Each part frees its inner results before the next begins: they are many times the size of x.</summary>
    /// <param name="x">The residual stream, float32 [B, S, dim]; without a gradient its memory is changed, so that it is not to be used any
    /// more.</param>
    /// <param name="time">The time, float32 [B, 6, dim] or by token.</param>
    /// <param name="rotary">The tokens' positions.</param>
    /// <param name="text">The text's keys and values.</param>
    /// <param name="context">Adapters and observer.</param>
    /// <returns>The residual stream from here on, [B, S, dim].</returns>
    public Tensor Forward(Tensor x, TokenTimes time, RotaryEmbedding rotary, TextKeys text, ForwardContext context)
    {
        using var scope = NewDisposeScope();
        Tensor[] m = (context.Changed($"blocks.{index}.modulation", _modulation) + time.Values).chunk(6, dim: 1); // 6 × [B, 1, dim]
        (Modulation attention, Modulation feedForward) = (new(m[0], m[1], m[2], time), new(m[3], m[4], m[5], time));

        // 1. The video's tokens attend to each other.
        using (NewDisposeScope())
        {
            Tensor y = _selfAttention.SelfAttention(Modulated(x, attention, "norm1", "self_attn_in", context), rotary, context); // [B, S, dim]
            context.Observe?.Invoke("self_attn", y);
            x = Residual(x, y, time.Of(attention.Gate)).MoveToOuterDisposeScope(); // [B, S, dim]
        }

        // 2. They attend to the text.
        using (NewDisposeScope())
        {
            Tensor y = _crossAttention.CrossAttention(Normed(x, context), text, context); // [B, S, dim]
            context.Observe?.Invoke("cross_attn", y);
            x = Residual(x, y, gate: null).MoveToOuterDisposeScope(); // [B, S, dim]
        }

        // 3. Each goes through the feed-forward network.
        using (NewDisposeScope())
        {
            Tensor y = _feedForward.Forward(Modulated(x, feedForward, "norm2", "ffn_in", context), context); // [B, S, dim]
            context.Observe?.Invoke("ffn", y);
            x = Residual(x, y, time.Of(feedForward.Gate)).MoveToOuterDisposeScope(); // [B, S, dim]
        }

        return x.MoveToOuterDisposeScope(); // [B, S, dim]
    }

    /// <summary>Keys and values of the text context [B, L, dim], and of the image's [B, tokens, dim]; they belong to the caller's scope.</summary>
    public TextKeys TextProjection(Tensor text, Tensor? bias, Tensor? image, ForwardContext context)
    {
        (Tensor key, Tensor value) = _crossAttention.TextProjection(text, context); // [B, heads, L, headDim]
        (Tensor Key, Tensor Value)? ofImage = image is null ? null : _crossAttention.ImageProjection(image, context); // [B, heads, tokens, headDim]
        return new TextKeys(key, value, bias, ofImage?.Key, ofImage?.Value);
    }

    // x + change · gate: the stream from here on, under a handle of its own. Without a gradient x's memory is changed.
    private static Tensor Residual(Tensor x, Tensor change, Tensor? gate)
    {
        if (x.requires_grad || change.requires_grad || gate is { requires_grad: true })
        {
            Tensor wide = change.to_type(ScalarType.Float32, copy: true); // [B, S, dim]
            return gate is null ? x + wide : x.addcmul(wide, gate, 1); // [B, S, dim]
        }

        return (gate is null ? x.add_(change) : x.addcmul_(change, gate, 1)).alias(); // [B, S, dim]
    }

    // In the number type of the linears.
    private Tensor Modulated(Tensor x, Modulation modulation, string norm, string name, ForwardContext context)
    {
        using var scope = NewDisposeScope();
        context.Observe?.Invoke(norm, functional.layer_norm(x, [config.Dim], null!, null!, config.Eps));
        Tensor modulated = modulation.Apply(x, config.Eps); // [B, S, dim]
        context.Observe?.Invoke(name, modulated);
        return modulated.to_type(parameters.DataType).MoveToOuterDisposeScope(); // [B, S, dim]
    }

    private Tensor Normed(Tensor x, ForwardContext context)
    {
        using var scope = NewDisposeScope();
        Tensor normed = config.CrossAttnNorm
            ? functional.layer_norm(
                x, [config.Dim], context.Changed($"blocks.{index}.norm3.weight", _norm3Weight!),
                context.Changed($"blocks.{index}.norm3.bias", _norm3Bias!), config.Eps)
            : x.alias(); // [B, S, dim]
        context.Observe?.Invoke("norm3", normed);
        return normed.to_type(parameters.DataType).MoveToOuterDisposeScope(); // [B, S, dim]
    }
}

/// <summary>How the time changes a part of a block (DiT, arXiv 2212.09748); float32 [B, 1, dim] each, as <see cref="TokenTimes"/> has them.</summary>
internal readonly record struct Modulation(Tensor Shift, Tensor Scale, Tensor Gate, TokenTimes Time)
{
    /// <summary>LN(x) · (1 + scale) + shift, [B, S, dim]. For one clip at one time the norm's own weights do it in the same pass.</summary>
    public Tensor Apply(Tensor x, double eps)
    {
        long dim = x.size(2);
        return x.size(0) == 1 && Time.Index is null
            ? functional.layer_norm(x, [dim], (Scale + 1).view(dim), Shift.view(dim), eps)
            : Time.Of(Shift).addcmul(functional.layer_norm(x, [dim], null!, null!, eps), Time.Of(Scale + 1), 1); // [B, S, dim]
    }
}

/// <summary>
/// Multi-head attention with RMS norm over the whole width of queries and keys (Wan2.1 <c>WanSelfAttention</c>, <c>WanT2VCrossAttention</c>,
/// <c>WanI2VCrossAttention</c>).
/// </summary>
internal sealed class WanAttention(ParameterSet parameters, string name, WanTransformerConfig config, bool attendsToImages = false)
{
    private readonly AdaptableLinear _q = AdaptableLinear.Take(parameters, $"{name}.q", config.Dim, config.Dim);
    private readonly AdaptableLinear _k = AdaptableLinear.Take(parameters, $"{name}.k", config.Dim, config.Dim);
    private readonly AdaptableLinear _v = AdaptableLinear.Take(parameters, $"{name}.v", config.Dim, config.Dim);
    private readonly AdaptableLinear _o = AdaptableLinear.Take(parameters, $"{name}.o", config.Dim, config.Dim);
    private readonly Tensor? _normQ = config.QkNorm ? parameters.TakeFloat32($"{name}.norm_q.weight", config.Dim) : null;
    private readonly Tensor? _normK = config.QkNorm ? parameters.TakeFloat32($"{name}.norm_k.weight", config.Dim) : null;
    private readonly AdaptableLinear? _imageK = attendsToImages ? AdaptableLinear.Take(parameters, $"{name}.k_img", config.Dim, config.Dim) : null;
    private readonly AdaptableLinear? _imageV = attendsToImages ? AdaptableLinear.Take(parameters, $"{name}.v_img", config.Dim, config.Dim) : null;
    private readonly Tensor? _normImageK =
        attendsToImages && config.QkNorm ? parameters.TakeFloat32($"{name}.norm_k_img.weight", config.Dim) : null;

    /// <summary>Video tokens attend to each other: x [B, S, dim] → [B, S, dim].</summary>
    public Tensor SelfAttention(Tensor x, RotaryEmbedding rotary, ForwardContext context)
    {
        using var scope = NewDisposeScope();
        Tensor q = Turned(_q, NormQ(context), "q", x, rotary, context); // [B, heads, S, headDim]
        Tensor k = Turned(_k, NormK(context), "k", x, rotary, context); // [B, heads, S, headDim]
        Tensor v = HeadsFirst(SplitHeads(_v.Forward(x, context))); // [B, heads, S, headDim]
        return _o.Forward(Joined(q, k, v, null), context).MoveToOuterDisposeScope(); // [B, S, dim]
    }

    /// <summary>Video tokens attend to the text, and with the same queries apart from that to the picture: x [B, S, dim] → [B, S, dim].</summary>
    public Tensor CrossAttention(Tensor x, TextKeys text, ForwardContext context)
    {
        using var scope = NewDisposeScope();
        Tensor normed = Norm(_q.Forward(x, context), NormQ(context)); // [B, S, dim]
        context.Observe?.Invoke("cross_attn.norm_q", normed);
        Tensor q = HeadsFirst(SplitHeads(normed.to_type(x.dtype))); // [B, heads, S, headDim]
        Tensor attended = Joined(q, text.Key, text.Value, text.Bias); // [B, S, dim]
        if (text is { ImageKey: { } key, ImageValue: { } value })
        {
            attended = attended + Joined(q, key, value, null); // [B, S, dim]
            context.Observe?.Invoke("cross_attn.o_in", attended);
        }

        return _o.Forward(attended, context).MoveToOuterDisposeScope(); // [B, S, dim]
    }

    /// <summary>Keys and values of image tokens [B, L, dim]; the caller owns them.</summary>
    public (Tensor Key, Tensor Value) ImageProjection(Tensor image, ForwardContext context)
    {
        Tensor? weight = _normImageK is null ? null : context.Changed($"{name}.norm_k_img.weight", _normImageK);
        Tensor normed = Norm(_imageK!.Forward(image, context), weight); // [B, L, dim]
        context.Observe?.Invoke("cross_attn.norm_k_img", normed);
        Tensor values = _imageV!.Forward(image, context); // [B, L, dim]
        context.Observe?.Invoke("cross_attn.v_img", values);
        Tensor keys = normed.to_type(image.dtype); // [B, L, dim]
        return (HeadsFirst(SplitHeads(keys)).contiguous(), HeadsFirst(SplitHeads(values)).contiguous()); // [B, heads, L, headDim]
    }

    /// <summary>Keys and values of a text context [B, L, dim]; the caller owns them.</summary>
    public (Tensor Key, Tensor Value) TextProjection(Tensor text, ForwardContext context)
    {
        Tensor k = SplitHeads(Norm(_k.Forward(text, context), NormK(context)).to_type(text.dtype)); // [B, L, heads, headDim]
        Tensor v = SplitHeads(_v.Forward(text, context)); // [B, L, heads, headDim]
        return (HeadsFirst(k).contiguous(), HeadsFirst(v).contiguous()); // [B, heads, L, headDim]
    }

    private Tensor? NormQ(ForwardContext context) => _normQ is null ? null : context.Changed($"{name}.norm_q.weight", _normQ);

    private Tensor? NormK(ForwardContext context) => _normK is null ? null : context.Changed($"{name}.norm_k.weight", _normK);

    // Queries or keys, normalised and turned, in the number type of x: [B, heads, S, headDim].
    private Tensor Turned(AdaptableLinear projection, Tensor? norm, string letter, Tensor x, RotaryEmbedding rotary, ForwardContext context)
    {
        using var scope = NewDisposeScope();
        Tensor normed = Norm(projection.Forward(x, context), norm); // [B, S, dim]
        context.Observe?.Invoke($"self_attn.norm_{letter}", normed);
        Tensor turned = rotary.Apply(SplitHeads(normed)); // [B, S, heads, headDim]
        context.Observe?.Invoke($"self_attn.{letter}_rope", turned);
        return HeadsFirst(turned.to_type(x.dtype)).MoveToOuterDisposeScope(); // [B, heads, S, headDim]
    }


    private static Tensor Joined(Tensor q, Tensor k, Tensor v, Tensor? bias) =>
        DotProductAttention.Forward(q, k, v, bias).transpose(1, 2).flatten(2); // [B, S, dim]

    // x · rsqrt(mean x² + eps) · w in float32, for a projection that nobody else holds: without a gradient it is changed in place.
    private Tensor Norm(Tensor x, Tensor? weight)
    {
        if (weight is null)
        {
            return x;
        }

        using var scope = NewDisposeScope();
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

/// <summary>
/// Linear, GELU, linear. Tokens go through in pieces: the hidden layer is many times their size, and a piece of it stays in the processor's cache.
/// </summary>
internal sealed class FeedForward(ParameterSet parameters, string name, WanTransformerConfig config)
{
    /// <summary>Most tokens in a piece.</summary>
    public const long TokensAtATime = 640;

    private readonly AdaptableLinear _up = AdaptableLinear.Take(parameters, $"{name}.0", config.FfnDim, config.Dim);
    private readonly AdaptableLinear _down = AdaptableLinear.Take(parameters, $"{name}.2", config.Dim, config.FfnDim);

    /// <summary>[B, S, dim] → [B, S, dim].</summary>
    public Tensor Forward(Tensor x, ForwardContext context)
    {
        using var scope = NewDisposeScope();
        Tensor tokens = x.flatten(0, 1); // [B · S, dim]
        long count = tokens.size(0);
        long pieces = (count + TokensAtATime - 1) / TokensAtATime;
        if (pieces == 1 || x.requires_grad)
        {
            return Piece(x, context).MoveToOuterDisposeScope(); // [B, S, dim]
        }

        Tensor result = empty_like(tokens); // [B · S, dim]
        long length = (count + pieces - 1) / pieces;
        for (long first = 0; first < count; first += length)
        {
            using var pieceScope = NewDisposeScope();
            long taken = Math.Min(length, count - first);
            result.narrow(0, first, taken).copy_(Piece(tokens.narrow(0, first, taken), context)); // [taken, dim]
        }

        return result.view(x.shape).MoveToOuterDisposeScope(); // [B, S, dim]
    }

    // [..., dim] → [..., dim]
    private Tensor Piece(Tensor x, ForwardContext context)
    {
        using var scope = NewDisposeScope();
        return _down.Forward(_up.ForwardGelu(x, context), context).MoveToOuterDisposeScope(); // [..., dim]
    }
}

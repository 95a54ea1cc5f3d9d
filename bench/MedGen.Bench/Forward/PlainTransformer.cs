using MedGen.Model.Transformers;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Bench.Forward;

/// <summary>
/// A plain port of wan/modules/model.py, the baseline: complex rotary in float64, norms and modulation step by step, all 512 text rows embedded and attended to in every
/// forward, softmax by hand, nothing kept. One clip. Linears and attention in the weights' number type, the rest in float32.
/// </summary>
internal sealed class PlainTransformer(RandomWeights weights, WanTransformerConfig config, ScalarType type)
{
    /// <summary>Predicts the velocity.</summary>
    /// <param name="latents">[1, C, F, H, W].</param>
    /// <param name="timestep">0 to 1000.</param>
    /// <param name="context">[L, text_dim].</param>
    /// <returns>[1, C, F, H, W], float32.</returns>
    public Tensor Forward(Tensor latents, double timestep, Tensor context)
    {
        using DisposeScope scope = NewDisposeScope();
        (long f, long h, long w) = (latents.size(2), latents.size(3) / 2, latents.size(4) / 2);
        Tensor patches = latents.to_type(type).view(1, config.InChannels, f, 1, h, 2, w, 2).permute(0, 2, 4, 6, 1, 3, 5, 7).reshape(1, f * h * w, -1);
        Tensor x = F.linear(patches, weights.Get("patch_embedding.weight").view(config.Dim, -1), weights.Get("patch_embedding.bias")).to_type(ScalarType.Float32); // [1, S, dim]
        Tensor padded = F.pad(context.to_type(type), [0, 0, 0, config.TextLength - context.size(0)]).unsqueeze(0); // [1, 512, text_dim]
        Tensor text = Linear("text_embedding.2", F.gelu(Linear("text_embedding.0", padded), TorchSharp.Modules.GELU.Approximate.tanh, false)); // [1, 512, dim]
        Tensor angles = arange(0, config.FreqDim / 2, ScalarType.Float64) * (-Math.Log(10000) / (config.FreqDim / 2));
        Tensor sinusoid = timestep * angles.exp();
        sinusoid = cat([sinusoid.cos(), sinusoid.sin()]).to_type(ScalarType.Float32).unsqueeze(0); // [1, freqDim]
        Tensor e = Wide("time_embedding.2", F.silu(Wide("time_embedding.0", sinusoid), false)); // [1, dim]
        Tensor e0 = Wide("time_projection.1", F.silu(e, false)).unflatten(1, [6, config.Dim]); // [1, 6, dim]
        Tensor rotary = Rotary(f, h, w); // [S, 1, headDim / 2]
        for (int i = 0; i < config.NumLayers; i++)
        {
            x = Block($"blocks.{i}", x, e0, text, rotary);
        }

        Tensor[] m = (weights.Get("head.modulation").to_type(ScalarType.Float32) + e.unsqueeze(1)).chunk(2, 1);
        Tensor tokens = Wide("head.head", (F.layer_norm(x, [config.Dim], null!, null!, config.Eps) * (1 + m[1])) + m[0]);
        return tokens.view(1, f, h, w, 1, 2, 2, config.OutChannels).permute(0, 7, 1, 4, 2, 5, 3, 6).reshape(1, config.OutChannels, f, 2 * h, 2 * w).MoveToOuterDisposeScope();
    }

    /// <summary>Complex turns, [S, 1, headDim / 2], complex128.</summary>
    public Tensor Rotary(long f, long h, long w)
    {
        using DisposeScope scope = NewDisposeScope();
        int side = 2 * (config.HeadDim / 6);
        Tensor angles = cat(
            [
                Axis(f, config.HeadDim - (2 * side)).view(f, 1, 1, -1).expand(f, h, w, -1),
                Axis(h, side).view(1, h, 1, -1).expand(f, h, w, -1),
                Axis(w, side).view(1, 1, w, -1).expand(f, h, w, -1),
            ],
            -1).view(f * h * w, 1, -1);
        return polar(ones_like(angles), angles).MoveToOuterDisposeScope();

        static Tensor Axis(long positions, int dim) => outer(arange(positions, ScalarType.Float64), pow(10000.0, arange(0, dim, 2, ScalarType.Float64) / -(double)dim));
    }

    /// <summary>Turns queries or keys [1, S, heads, headDim].</summary>
    public static Tensor Turn(Tensor x, Tensor rotary) =>
        view_as_real(view_as_complex(x.to_type(ScalarType.Float64).unflatten(3, [x.size(3) / 2, 2])) * rotary).flatten(3).to_type(x.dtype);

    /// <summary>RMS norm, step by step.</summary>
    public Tensor RmsNorm(Tensor x, Tensor weight)
    {
        Tensor wide = x.to_type(ScalarType.Float32);
        return (wide * (wide.pow(2).mean([-1], keepdim: true) + config.Eps).rsqrt()).to_type(x.dtype) * weight.to_type(x.dtype);
    }

    /// <summary>Softmax by hand over all heads [1, heads, S, headDim].</summary>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v) => matmul((matmul(q, k.transpose(2, 3)) / Math.Sqrt(q.size(3))).softmax(-1), v);

    private Tensor Block(string name, Tensor x, Tensor e0, Tensor text, Tensor rotary)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] m = (weights.Get($"{name}.modulation").to_type(ScalarType.Float32) + e0).chunk(6, 1);
        Tensor y = Attention($"{name}.self_attn", Modulate(x, m[0], m[1]), null, rotary);
        x = x + (y.to_type(ScalarType.Float32) * m[2]);
        Tensor normed = F.layer_norm(x, [config.Dim], Get32($"{name}.norm3.weight"), Get32($"{name}.norm3.bias"), config.Eps);
        x = x + Attention($"{name}.cross_attn", normed.to_type(type), text, null).to_type(ScalarType.Float32);
        y = Linear($"{name}.ffn.2", F.gelu(Linear($"{name}.ffn.0", Modulate(x, m[3], m[4])), TorchSharp.Modules.GELU.Approximate.tanh, false));
        return (x + (y.to_type(ScalarType.Float32) * m[5])).MoveToOuterDisposeScope();
    }

    private Tensor Attention(string name, Tensor x, Tensor? text, Tensor? rotary)
    {
        Tensor q = Heads(RmsNorm(Linear($"{name}.q", x), Get32($"{name}.norm_q.weight")));
        Tensor k = Heads(RmsNorm(Linear($"{name}.k", text ?? x), Get32($"{name}.norm_k.weight")));
        Tensor v = Heads(Linear($"{name}.v", text ?? x));
        (q, k) = rotary is null ? (q, k) : (Turn(q, rotary), Turn(k, rotary));
        Tensor attended = Attend(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)); // [1, heads, S, headDim]
        return Linear($"{name}.o", attended.transpose(1, 2).flatten(2));
    }

    private Tensor Modulate(Tensor x, Tensor shift, Tensor scale) => ((F.layer_norm(x, [config.Dim], null!, null!, config.Eps) * (1 + scale)) + shift).to_type(type);

    private Tensor Heads(Tensor x) => x.view(1, x.size(1), config.NumHeads, config.HeadDim);

    private Tensor Linear(string name, Tensor x) => F.linear(x, weights.Get($"{name}.weight"), weights.Get($"{name}.bias"));

    private Tensor Wide(string name, Tensor x) => F.linear(x, Get32($"{name}.weight"), Get32($"{name}.bias"));

    private Tensor Get32(string name) => weights.Get(name).to_type(ScalarType.Float32);
}

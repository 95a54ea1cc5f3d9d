using System.Globalization;
using MedGen.Model.Parameters;
using MedGen.Model.Transformers;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MedGen.Bench.Forward;

/// <summary>Each optimisation alone, at the 1.3B model's dimensions and 1,280 tokens: before, after, in turn.</summary>
internal static class OptimisationTable
{
    private const long S = 1280;
    private const long Rows = 512;
    private static readonly WanTransformerConfig Config = WanTransformerConfig.T2V1Point3B with { NumLayers = 1 };

    public static void Print(int rounds)
    {
        Console.WriteLine();
        Console.WriteLine("one block's share, S = 1280              type       before ms   after ms   before/after   max diff   (processor time)");
        foreach (ScalarType type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            using DisposeScope scope = NewDisposeScope();
            using RandomWeights weights = new(type);
            using ParameterSet parameters = new(weights.Reader, CPU, type);
            foreach ((string name, Func<Tensor> before, Func<Tensor> after) in Pairs(weights, parameters, type))
            {
                Report(name, type, before, after, rounds);
            }
        }
    }

    private static IEnumerable<(string Name, Func<Tensor> Before, Func<Tensor> After)> Pairs(RandomWeights weights, ParameterSet parameters, ScalarType type)
    {
        PlainTransformer plain = new(weights, Config, type);
        (long dim, long heads, long headDim) = (Config.Dim, Config.NumHeads, Config.HeadDim);
        Tensor stream = randn(1, S, dim); // float32, as the residual stream
        Tensor x = stream.to_type(type);
        Tensor shift = randn(1, 1, dim);
        Tensor scale = randn(1, 1, dim);
        FeedForward feedForward = new(parameters, "blocks.0.ffn", Config);
        AdaptableLinear query = AdaptableLinear.Take(parameters, "blocks.0.self_attn.q", dim, dim);
        Tensor gamma = parameters.TakeFloat32("blocks.0.self_attn.norm_q.weight", dim);
        (Tensor w, Tensor b) = (weights.Get("blocks.0.self_attn.q.weight"), weights.Get("blocks.0.self_attn.q.bias"));
        (Tensor up, Tensor upBias) = (weights.Get("blocks.0.ffn.0.weight"), weights.Get("blocks.0.ffn.0.bias"));
        (Tensor down, Tensor downBias) = (weights.Get("blocks.0.ffn.2.weight"), weights.Get("blocks.0.ffn.2.bias"));
        yield return ("linear 1536 to 1536: oneDNN", () => F.linear(x, w, b), () => query.Forward(x, ForwardContext.Plain));
        yield return (
            "feed-forward: oneDNN with GELU, in pieces",
            () => F.linear(F.gelu(F.linear(x, up, upBias), TorchSharp.Modules.GELU.Approximate.tanh, false), down, downBias),
            () => feedForward.Forward(x, ForwardContext.Plain));
        yield return (
            "norm and modulation in one pass",
            () => ((F.layer_norm(stream, [dim], null!, null!, 1e-6) * (1 + scale)) + shift).to_type(type),
            () => F.layer_norm(stream, [dim], (1 + scale).view(dim), shift.view(dim), 1e-6).to_type(type));
        yield return ("gated residual: addcmul in place", () => stream + (x.to_type(ScalarType.Float32) * scale), () => stream.clone().addcmul_(x, scale, 1));
        yield return ("RMS norm: vector norm, in place", () => plain.RmsNorm(x, gamma), () => InPlaceNorm(x.clone(), gamma).to_type(type));
        Tensor turns = plain.Rotary(5, 16, 16);
        RotaryEmbedding rotary = new((int)headDim, 5, 16, 16, CPU);
        Tensor split = x.view(1, S, heads, headDim);
        yield return ("rotary: complex64 for complex128", () => PlainTransformer.Turn(split, turns), () => rotary.Apply(split).to_type(type));
        Tensor q = split.transpose(1, 2);
        Tensor first = q.contiguous();
        yield return ("self-attention: for softmax by hand", () => PlainTransformer.Attend(q, q, q), () => DotProductAttention.Forward(first, first, first, null));
        yield return ("self-attention: for libtorch's fused", () => F.scaled_dot_product_attention(first, first, first), () => DotProductAttention.Forward(first, first, first, null));
        yield return ("not kept: heads first, copied", () => F.scaled_dot_product_attention(q, q, q), () => F.scaled_dot_product_attention(q.contiguous(), q.contiguous(), q.contiguous()));
        Tensor real = randn(1, heads, 40, headDim).to_type(type);
        Tensor padding = randn(1, heads, 1, headDim).to_type(type);
        Tensor all = cat([real, padding.expand(1, heads, Rows - 40, headDim)], 2).contiguous();
        Tensor few = cat([real, padding], 2);
        Tensor bias = cat([zeros(1, 1, 1, 40), full(new long[] { 1, 1, 1, 1 }, Math.Log(Rows - 40))], 3).to_type(type);
        yield return ("cross-attention: 41 keys for 512", () => PlainTransformer.Attend(q, all, all), () => DotProductAttention.Forward(first, few, few, bias));
    }

    private static Tensor InPlaceNorm(Tensor x, Tensor weight)
    {
        Tensor wide = x.to_type(ScalarType.Float32);
        Tensor length = linalg.vector_norm(wide, 2, [-1], keepdim: true);
        return wide.mul_((length.square() / (double)x.size(-1) + 1e-6).rsqrt()).mul_(weight);
    }

    private static void Report(string name, ScalarType type, Func<Tensor> before, Func<Tensor> after, int rounds)
    {
        using DisposeScope scope = NewDisposeScope();
        double difference = (before().to_type(ScalarType.Float64) - after().to_type(ScalarType.Float64)).abs().max().item<double>(); // warms both up, too
        Cost[] costs = Cost.InTurn(rounds, atLeast: 0.2, () => Drop(before), () => Drop(after));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-40} {type,-9} {costs[0].ProcessorSeconds * 1e3,10:0.00} {costs[1].ProcessorSeconds * 1e3,10:0.00} {costs[0].ProcessorSeconds / costs[1].ProcessorSeconds,14:0.00} {difference,10:0.0e+0}"));
    }

    private static void Drop(Func<Tensor> run)
    {
        using DisposeScope scope = NewDisposeScope();
        run();
    }
}

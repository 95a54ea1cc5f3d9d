using MedGen.Model.Autoencoders;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Training.Optimization;

/// <summary>
/// Random weights to start from, as the reference draws them. Names, shapes and the order of the draws are what the parts themselves ask for.
/// </summary>
internal static class InitialWeights
{
    // Standard deviation e^-3 = 0.05. From torch's default the noise would start at 1, far above what the encoder says, and for long nothing but the
    // mean colour is learnt.
    private const float InitialLogVariance = -6;

    /// <summary>
    /// Weights of an autoencoder. Each residual branch and each attention starts as nothing, so that the whole is linear at first and keeps the scale
    /// of what goes through it. In time it starts as an inflated image autoencoder (arXiv 2503.20314): convolutions look at the present frame,
    /// halving takes the mean of two frames, doubling repeats one; what stills teach then holds for clips. The latent noise starts small.
    /// </summary>
    public static IReadOnlyDictionary<string, Tensor> Autoencoder(WanAutoencoderConfig config, int seed) => Draw(
        seed,
        reader => WanAutoencoder.Load(reader, config, CPU, ScalarType.Float32),
        (name, shape, generator) =>
            name.EndsWith(".gamma", StringComparison.Ordinal) ? ones(shape)
            : name == "conv1.bias" ? cat([zeros(config.LatentChannels), full([config.LatentChannels], InitialLogVariance)])
            : name.EndsWith(".bias", StringComparison.Ordinal) || name.Contains(".proj.", StringComparison.Ordinal) || name.EndsWith(
                "residual.6.weight", StringComparison.Ordinal) ? zeros(shape)
            : name.EndsWith("time_conv.weight", StringComparison.Ordinal) ? shape[0] == shape[1] ? MeanOfTwo(shape) : Repetition(shape)
            : shape.Length == 5 ? InTheLastFrame(shape, generator)
            : Uniform(shape, Math.Sqrt(3.0 / FanIn(shape)), generator));

    /// <summary>Weights of a transformer (Wan2.1 <c>model.py</c>, <c>init_weights</c>): its output starts as zero.</summary>
    public static IReadOnlyDictionary<string, Tensor> Transformer(WanTransformerConfig config, int seed) => Draw(
        seed,
        reader => WanTransformer.Load(reader, config, CPU, ScalarType.Float32),
        (name, shape, generator) =>
            name.EndsWith(".bias", StringComparison.Ordinal) || name == "head.head.weight" ? zeros(shape)
            : name.Contains("norm", StringComparison.Ordinal) ? ones(shape)
            : name.EndsWith("modulation", StringComparison.Ordinal) ? Normal(shape, 1 / Math.Sqrt(config.Dim), generator)
            : name.StartsWith("text_embedding", StringComparison.Ordinal)
                || name.StartsWith("time_embedding", StringComparison.Ordinal) ? Normal(shape, 0.02, generator)
            : Uniform(shape, Math.Sqrt(6.0 / (shape[0] + shape.Skip(1).Aggregate(1L, (a, b) => a * b))), generator)); // Xavier

    /// <summary>Weights of a text encoder (Wan2.1 <c>t5.py</c>, <c>init_weights</c>).</summary>
    public static IReadOnlyDictionary<string, Tensor> TextEncoder(UMT5EncoderConfig config, int seed) => Draw(
        seed,
        reader => UMT5Encoder.Load(reader, config, CPU, ScalarType.Float32),
        (name, shape, generator) =>
            name.Contains("norm", StringComparison.Ordinal) ? ones(shape)
            : name.StartsWith("token_embedding", StringComparison.Ordinal) ? Normal(shape, 1, generator)
            : name.EndsWith("attn.q.weight", StringComparison.Ordinal) ? Normal(
                shape, 1 / Math.Sqrt((double)config.Dim * config.AttentionDim), generator)
            : name.Contains("pos_embedding", StringComparison.Ordinal) ? Normal(
                shape, 1 / Math.Sqrt(2.0 * config.NumBuckets * config.NumHeads), generator)
            : Normal(shape, 1 / Math.Sqrt(shape[1]), generator));

    private static Dictionary<string, Tensor> Draw(
        int seed, Func<Model.Parameters.WeightReader, IDisposable> build, Func<string, long[], Generator, Tensor> initialize)
    {
        using Generator generator = StepRandom.CreateGenerator(seed, "initial weights", 0);
        Dictionary<string, Tensor> weights = new(StringComparer.Ordinal);
        using IDisposable part = build((name, shape) =>
        {
            weights.Add(name, initialize(name, shape, generator));
            return weights[name].alias();
        });
        return weights;
    }

    private static long FanIn(long[] shape) => shape.Skip(1).Aggregate(1L, (a, b) => a * b);

    private static Tensor Uniform(long[] shape, double bound, Generator generator) =>
        (rand(shape, ScalarType.Float32, generator: generator) * 2 - 1) * bound;

    // [C', C, T, h, w]: all taps but the last one of time are zero; variance in = variance out.
    private static Tensor InTheLastFrame(long[] shape, Generator generator)
    {
        long[] present = [shape[0], shape[1], 1, shape[3], shape[4]];
        Tensor tap = Uniform(present, Math.Sqrt(3.0 / FanIn(present)), generator);
        return shape[2] == 1 ? tap : cat([zeros([shape[0], shape[1], shape[2] - 1, shape[3], shape[4]]), tap], 2);
    }

    // [C, C, 3, 1, 1] over the frame before, and the two that become one.
    private static Tensor MeanOfTwo(long[] shape)
    {
        Tensor half = eye(shape[0]).view(shape[0], shape[1], 1, 1, 1) / 2;
        return cat([zeros_like(half), half, half], 2);
    }

    // [2C, C, 3, 1, 1]: even and odd frames are both the present one.
    private static Tensor Repetition(long[] shape)
    {
        Tensor same = eye(shape[1]).repeat(2, 1).view(shape[0], shape[1], 1, 1, 1);
        return cat([zeros_like(same), zeros_like(same), same], 2);
    }

    private static Tensor Normal(long[] shape, double std, Generator generator) => randn(shape, ScalarType.Float32, generator: generator) * std;
}

using MedGen.Model.Autoencoders;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Training.Optimization;

/// <summary>Random weights to start from, as the reference draws them. Names and shapes are what the parts themselves ask for.</summary>
internal static class InitialWeights
{
    // Standard deviation e^-3 = 0.05. From torch's default the noise would start at 1, far above what the encoder says, and for long nothing but the mean colour is learnt.
    private const float InitialLogVariance = -6;

    /// <summary>
    /// Weights of an autoencoder: torch's default for convolutions; each attention starts as nothing (Wan2.1 <c>vae.py</c>); the latent noise starts small.
    /// </summary>
    public static IReadOnlyDictionary<string, Tensor> Autoencoder(WanAutoencoderConfig config, int seed) => Draw(
        seed,
        reader => WanAutoencoder.Load(reader, config, CPU, ScalarType.Float32),
        (name, shape, generator, fans) =>
            name.EndsWith(".gamma", StringComparison.Ordinal) ? ones(shape)
            : name.Contains(".proj.", StringComparison.Ordinal) ? zeros(shape)
            : name == "conv1.bias" ? cat([zeros(config.LatentChannels), full([config.LatentChannels], InitialLogVariance)])
            : Uniform(shape, 1 / Math.Sqrt(fans.FanIn(name, shape)), generator));

    /// <summary>Weights of a transformer (Wan2.1 <c>model.py</c>, <c>init_weights</c>): its output starts as zero.</summary>
    public static IReadOnlyDictionary<string, Tensor> Transformer(WanTransformerConfig config, int seed) => Draw(
        seed,
        reader => WanTransformer.Load(reader, config, CPU, ScalarType.Float32),
        (name, shape, generator, _) =>
            name.EndsWith(".bias", StringComparison.Ordinal) || name == "head.head.weight" ? zeros(shape)
            : name.Contains("norm", StringComparison.Ordinal) ? ones(shape)
            : name.EndsWith("modulation", StringComparison.Ordinal) ? Normal(shape, 1 / Math.Sqrt(config.Dim), generator)
            : name.StartsWith("text_embedding", StringComparison.Ordinal) || name.StartsWith("time_embedding", StringComparison.Ordinal) ? Normal(shape, 0.02, generator)
            : Uniform(shape, Math.Sqrt(6.0 / (shape[0] + shape.Skip(1).Aggregate(1L, (a, b) => a * b))), generator)); // Xavier

    /// <summary>Weights of a text encoder (Wan2.1 <c>t5.py</c>, <c>init_weights</c>).</summary>
    public static IReadOnlyDictionary<string, Tensor> TextEncoder(UMT5EncoderConfig config, int seed) => Draw(
        seed,
        reader => UMT5Encoder.Load(reader, config, CPU, ScalarType.Float32),
        (name, shape, generator, _) =>
            name.Contains("norm", StringComparison.Ordinal) ? ones(shape)
            : name.StartsWith("token_embedding", StringComparison.Ordinal) ? Normal(shape, 1, generator)
            : name.EndsWith("attn.q.weight", StringComparison.Ordinal) ? Normal(shape, 1 / Math.Sqrt((double)config.Dim * config.AttentionDim), generator)
            : name.Contains("pos_embedding", StringComparison.Ordinal) ? Normal(shape, 1 / Math.Sqrt(2.0 * config.NumBuckets * config.NumHeads), generator)
            : Normal(shape, 1 / Math.Sqrt(shape[1]), generator));

    private static Dictionary<string, Tensor> Draw(
        int seed, Func<Model.Parameters.WeightReader, IDisposable> build, Func<string, long[], Generator, Fans, Tensor> initialize)
    {
        using Generator generator = StepRandom.CreateGenerator(seed, "initial weights", 0);
        Dictionary<string, Tensor> weights = new(StringComparer.Ordinal);
        Fans fans = new();
        using IDisposable part = build((name, shape) =>
        {
            weights.Add(name, initialize(name, shape, generator, fans));
            return weights[name].alias();
        });
        return weights;
    }

    private static Tensor Uniform(long[] shape, double bound, Generator generator) => (rand(shape, ScalarType.Float32, generator: generator) * 2 - 1) * bound;

    private static Tensor Normal(long[] shape, double std, Generator generator) => randn(shape, ScalarType.Float32, generator: generator) * std;

    /// <summary>Inputs of each convolution; a bias has those of its kernel, which is read before it.</summary>
    private sealed class Fans
    {
        private readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);

        public long FanIn(string name, long[] shape)
        {
            string module = name[..name.LastIndexOf('.')];
            return shape.Length > 1 ? _known[module] = shape.Skip(1).Aggregate(1L, (a, b) => a * b) : _known[module];
        }
    }
}

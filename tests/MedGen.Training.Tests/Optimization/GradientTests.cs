using MedGen.Model.Autoencoders;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using MedGen.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Optimization;

/// <summary>The modules of MedGen.Model, built over pieces of a graph, are trainable as they are.</summary>
[Collection("torch")]
public class GradientTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void TransformerAndTextEncoder_OneLoss_ReachesEveryWeight(ScalarType dataType)
    {
        using DisposeScope scope = NewDisposeScope();
        using ParameterVector parameters = ParameterVector.Create(
            InitialWeights.Transformer(TinyParts.Transformer, 1).Select(pair => KeyValuePair.Create("t." + pair.Key, pair.Value))
                .Concat(InitialWeights.TextEncoder(TinyParts.TextEncoder, 1).Select(pair => KeyValuePair.Create("e." + pair.Key, pair.Value))).ToDictionary(), CPU);
        Shake(parameters);
        IReadOnlyDictionary<string, Tensor> pieces = parameters.Pieces();
        using UMT5Encoder encoder = UMT5Encoder.Load(ParameterVector.Reader(pieces, "e."), TinyParts.TextEncoder, CPU, dataType);
        using WanTransformer transformer = WanTransformer.Load(ParameterVector.Reader(pieces, "t."), TinyParts.Transformer, CPU, dataType);
        Tensor states = encoder.EncodePadded(arange(50, ScalarType.Int64).view(5, 10), [10, 10, 10, 10, 7]); // [5, 10, dim]
        Tensor[] contexts = [.. Enumerable.Range(0, 5).Select(row => states.select(0, row).narrow(0, 0, row == 4 ? 7 : 10))];
        using TextContext text = transformer.PrepareText(contexts);

        transformer.Forward(randn([5, 4, 2, 4, 4]), tensor(new float[] { 1, 200, 400, 700, 999 }), text).square().mean().backward();

        Unreached(parameters).ShouldBe(["e.token_embedding.weight (47)", .. UnusedPositions()], ignoreOrder: true, customMessage: "but rows of ids and distances that do not occur");

        // Of 32 buckets those are used whose distance occurs in 10 tokens.
        static IEnumerable<string> UnusedPositions() => Enumerable.Range(0, 2).Select(block => $"e.blocks.{block}.pos_embedding.embedding.weight (17)");
    }

    [Fact]
    public void Autoencoder_ClipInOnePiece_ReachesEveryWeight()
    {
        using DisposeScope scope = NewDisposeScope();
        using ParameterVector parameters = ParameterVector.Create(InitialWeights.Autoencoder(TinyParts.Autoencoder, 1), CPU);
        Shake(parameters);
        using WanAutoencoder autoencoder = WanAutoencoder.Load(ParameterVector.Reader(parameters.Pieces(), ""), TinyParts.Autoencoder, CPU, ScalarType.Float32);
        (Tensor mean, Tensor logVariance) = autoencoder.EncodeDistribution(randn([1, 3, 9, 16, 16]));

        (autoencoder.DecodeWhole(mean).square().mean() + logVariance.square().mean()).backward();

        Unreached(parameters).ShouldBeEmpty();
    }

    [Theory, Long]
    [InlineData(4)]
    [InlineData(20)]
    [InlineData(24)]
    public void Autoencoder_WidthThatIsNoMultipleOf16_HasTheGradientOfFloat64(int dim)
    {
        WanAutoencoderConfig config = TinyParts.Autoencoder with { Dim = dim };
        using DisposeScope scope = NewDisposeScope();
        using ParameterVector parameters = ParameterVector.Create(InitialWeights.Autoencoder(config, 1), CPU);
        Tensor video = randn([1, 3, 5, 24, 24]);

        Tensor expected = Gradient(ScalarType.Float64);
        Tensor actual = Gradient(ScalarType.Float32);

        (actual - expected).norm().item<float>().ShouldBeLessThan(1e-3f * expected.norm().item<float>());

        Tensor Gradient(ScalarType dataType)
        {
            PoisonFreeMemory();
            parameters.Values.grad?.zero_();
            using WanAutoencoder autoencoder = WanAutoencoder.Load(ParameterVector.Reader(parameters.Pieces(), ""), config, CPU, dataType);
            autoencoder.DecodeWhole(autoencoder.EncodeDistribution(video).Mean).square().mean().backward();
            return parameters.Values.grad!.clone();
        }
    }

    [Fact]
    public void EncodePadded_RowsOfDifferentLength_EqualsEncode()
    {
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyDictionary<string, Tensor> weights = InitialWeights.TextEncoder(TinyParts.TextEncoder, 1);
        using UMT5Encoder encoder = UMT5Encoder.Load((name, _) => weights[name].alias(), TinyParts.TextEncoder, CPU, ScalarType.Float32);
        Tensor ids = arange(30, ScalarType.Int64).view(3, 10);

        Tensor padded = encoder.EncodePadded(ids, [10, 1, 6]);

        foreach ((int row, int length) in new[] { (0, 10), (1, 1), (2, 6) })
        {
            Tensor alone = encoder.Encode(ids.narrow(0, row, 1).narrow(1, 0, length)).squeeze(0);
            padded.select(0, row).narrow(0, 0, length).sub(alone).abs().max().item<float>().ShouldBeLessThan(1e-4f);
        }
    }

    // Zeros of the initialisation (head, projections) would stop the gradient.
    private static void Shake(ParameterVector parameters)
    {
        using IDisposable noGradient = no_grad();
        random.manual_seed(2);
        parameters.Values.add_(randn_like(parameters.Values) * 0.1);
    }

    private static void PoisonFreeMemory()
    {
        Tensor[] junk = [.. Enumerable.Range(0, 64).Select(index => full([1000 + (1500 * index)], float.NaN))];
        Array.ForEach(junk, tensor => tensor.Dispose());
    }

    // Weights without gradient, or rows of tables in brackets.
    private static IEnumerable<string> Unreached(ParameterVector parameters)
    {
        long at = 0;
        foreach ((string name, Tensor piece) in parameters.Pieces())
        {
            Tensor gradient = parameters.Values.grad!.narrow(0, at, piece.numel()).view(piece.shape);
            at += piece.numel();
            gradient.isfinite().all().item<bool>().ShouldBeTrue(name);
            bool isTable = name.EndsWith("embedding.weight", StringComparison.Ordinal) && piece.dim() == 2;
            long reached = (isTable ? gradient.abs().sum(1) : gradient.abs().sum().view(1)).count_nonzero().item<long>();
            if (reached < (isTable ? piece.shape[0] : 1))
            {
                yield return isTable ? $"{name} ({reached})" : name;
            }
        }
    }
}

using MedGen.Model.Autoencoders;
using MedGen.Model.Transformers;
using MedGen.Training.Autoencoders;
using MedGen.Training.Optimization;
using MedGen.Training.Tests.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Autoencoders;

/// <summary>A grown model does what the given one did.</summary>
[Collection("torch")]
public class LatentGrowthTests
{
    private const int Channels = 7;

    [Fact]
    public void Autoencoder_WithMoreChannels_EncodesTheOldOnesAndReconstructsAsBefore()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        random.manual_seed(5);
        WanAutoencoderConfig config = TinyParts.Autoencoder;
        int old = config.LatentChannels;
        WanAutoencoderConfig wanted = config with { LatentChannels = Channels, LatentMean = new float[Channels], LatentStd = [.. Enumerable.Repeat(1f, Channels)] };
        Dictionary<string, Tensor> weights = Shaken(InitialWeights.Autoencoder(config, 1));
        Dictionary<string, Tensor> grown = LatentGrowth.Autoencoder(weights, InitialWeights.Autoencoder(wanted, 2));
        using WanAutoencoder before = WanAutoencoder.Load((name, _) => weights[name].alias(), config, CPU, ScalarType.Float32);
        using WanAutoencoder after = WanAutoencoder.Load((name, _) => grown[name].alias(), wanted, CPU, ScalarType.Float32);
        Tensor video = (rand([1, 3, 5, 32, 32]) * 2) - 1;

        (Tensor mean, Tensor logVariance) = before.EncodeDistribution(video);
        (Tensor grownMean, Tensor grownLogVariance) = after.EncodeDistribution(video); // [1, 7, 2, 4, 4]

        Difference(grownMean.narrow(1, 0, old), mean).ShouldBeLessThan(1e-4f);
        Difference(grownLogVariance.narrow(1, 0, old), logVariance).ShouldBeLessThan(1e-4f);
        grownMean.narrow(1, old, Channels - old).std().item<float>().ShouldBeGreaterThan(1e-3f); // there is something to learn from
        Difference(after.DecodeWhole(grownMean), before.DecodeWhole(mean)).ShouldBeLessThan(1e-4f);
    }

    [Fact]
    public void Transformer_WithMoreChannels_SaysTheSameOfTheOldOnesAndNothingOfTheNew()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        random.manual_seed(5);
        WanTransformerConfig config = TinyParts.Transformer;
        int old = config.InChannels;
        Dictionary<string, Tensor> weights = Shaken(InitialWeights.Transformer(config, 1));
        Dictionary<string, Tensor> grown = LatentGrowth.Transformer(weights, Channels);
        using WanTransformer before = WanTransformer.Load((name, _) => weights[name].alias(), config, CPU, ScalarType.Float32);
        using WanTransformer after = WanTransformer.Load(
            (name, _) => grown[name].alias(), config with { InChannels = Channels, OutChannels = Channels }, CPU, ScalarType.Float32);
        Tensor latents = randn([1, Channels, 2, 4, 4]);
        Tensor words = randn([3, config.TextDim]);

        Tensor velocity = Forward(before, latents.narrow(1, 0, old));
        Tensor grownVelocity = Forward(after, latents);

        Difference(grownVelocity.narrow(1, 0, old), velocity).ShouldBeLessThan(1e-4f);
        grownVelocity.narrow(1, old, Channels - old).abs().max().item<float>().ShouldBe(0);

        Tensor Forward(WanTransformer transformer, Tensor input)
        {
            using TextContext text = transformer.PrepareText([words]);
            return transformer.Forward(input, tensor(new[] { 300f }), text);
        }
    }

    [Fact]
    public void Transformer_WithAsManyChannels_IsTheGivenOne()
    {
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyDictionary<string, Tensor> weights = InitialWeights.Transformer(TinyParts.Transformer, 1);

        LatentGrowth.Transformer(weights, TinyParts.Transformer.InChannels).ShouldBe(weights, ignoreOrder: true);
    }

    // Initial weights hold zeros wherever something starts as nothing.
    private static Dictionary<string, Tensor> Shaken(IReadOnlyDictionary<string, Tensor> weights) =>
        weights.ToDictionary(pair => pair.Key, pair => pair.Value + (0.1 * randn_like(pair.Value)), StringComparer.Ordinal);

    private static float Difference(Tensor a, Tensor b) => (a - b).abs().max().item<float>();
}

using MedGen.Model.Autoencoders;
using MedGen.Training.Optimization;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Optimization;

[Collection("torch")]
public sealed class InitialWeightsTests
{
    private static readonly WanAutoencoderConfig Config = WanAutoencoderConfig.Wan21 with
    {
        Dim = 16, NumResidualBlocks = 1, LatentMean = [.. new float[16]], LatentStd = [.. Enumerable.Repeat(1f, 16)],
    };

    [Fact]
    public void Autoencoder_OfAStandingClip_GivesItsStillInEveryFrame()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using WanAutoencoder autoencoder = Start();
        Tensor still = rand([1, 3, 1, 32, 32]) * 2 - 1;
        Tensor standing = still.expand(1, 3, 9, 32, 32).contiguous();

        Tensor latents = autoencoder.EncodeDistribution(standing).Mean; // [1, z, 3, 4, 4]
        Tensor clip = autoencoder.DecodeWhole(latents); // [1, 3, 9, 32, 32]

        Tensor one = autoencoder.EncodeDistribution(still).Mean; // [1, z, 1, 4, 4]
        (latents - one).abs().max().item<float>().ShouldBeLessThan(1e-4f);
        (clip - autoencoder.DecodeWhole(one)).abs().max().item<float>().ShouldBeLessThan(1e-4f);
    }

    [Fact]
    public void Autoencoder_OfNoise_KeepsItsScale()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using WanAutoencoder autoencoder = Start();

        Tensor latents = autoencoder.EncodeDistribution(randn([4, 3, 1, 64, 64])).Mean;

        latents.std().item<float>().ShouldBeInRange(0.2f, 2f);
        autoencoder.DecodeWhole(randn_like(latents)).std().item<float>().ShouldBeInRange(0.2f, 2f);
    }

    private static WanAutoencoder Start()
    {
        IReadOnlyDictionary<string, Tensor> weights = InitialWeights.Autoencoder(Config, 1);
        return WanAutoencoder.Load((name, _) => weights[name].alias(), Config, CPU, ScalarType.Float32);
    }
}

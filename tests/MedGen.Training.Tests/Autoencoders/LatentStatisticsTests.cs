using MedGen.Model.Autoencoders;
using MedGen.Training.Autoencoders;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using MedGen.Training.Tests.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Tests.Autoencoders;

[Collection("torch")]
public class LatentStatisticsTests
{
    [Fact]
    public void Apply_MeasuredClips_LetsLatentsHaveMeanZeroAndVarianceOne()
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(3);
        IReadOnlyDictionary<string, Tensor> weights = InitialWeights.Autoencoder(TinyParts.Autoencoder, 1);
        Tensor[] videos = [randn([1, 3, 5, 32, 32]), randn([2, 3, 1, 32, 32]) + 0.5];
        LatentStatistics statistics = new(4);
        using (WanAutoencoder plain = Open(TinyParts.Autoencoder))
        {
            Array.ForEach(videos, video => statistics.Add(plain, video));
        }

        using WanAutoencoder scaled = Open(statistics.Apply(TinyParts.Autoencoder));
        Tensor latents = cat([.. videos.Select(video => scaled.Encode(video).transpose(0, 1).flatten(1))], 1); // [z, values]

        latents.mean([1]).abs().max().item<float>().ShouldBeLessThan(1e-3f);
        latents.square().mean([1]).sub(1).abs().max().item<float>().ShouldBeLessThan(1e-2f);

        WanAutoencoder Open(WanAutoencoderConfig config) => WanAutoencoder.Load((name, _) => weights[name].alias(), config, CPU, ScalarType.Float32);
    }
}

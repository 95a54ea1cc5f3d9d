using System.Text.Json;
using MedGen.Classifiers.Modality;
using MedGen.Classifiers.Networks;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Tests.Networks;

[Collection("torch")] // torch counts tensors for the whole process
public sealed class ResidualBackboneTests
{
    private const int Side = 224;

    private static string Weights => RepositoryRoot.Path("plugins", "ImagingModality", "weights", "modality.safetensors");

    [Fact]
    public void Stages_ShippedWeights_AreThoseOfTheReleasedNetwork()
    {
        var expected = JsonSerializer.Deserialize<Dictionary<string, float[]>>(File.ReadAllText(Fixtures.Path("resnet18", "features.json")))!;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using ResidualBackbone backbone = ModalityNetwork.LoadBackbone(Weights, CPU);
        (Tensor second, Tensor third) = backbone.Stages(Picture());

        // The shipped weights are float16.
        Compare(second, expected["stage2"]);
        Compare(third, expected["stage3"]);
    }

    [Fact]
    public void Embed_Twice_GivesUnitVectorsAndLeavesNoTensors()
    {
        using ResidualBackbone backbone = ModalityNetwork.LoadBackbone(Weights, CPU);
        using var noGrad = no_grad();
        using Tensor view = rand(2, 3, ResidualBackbone.ViewSide, ResidualBackbone.ViewSide);
        float[] first = Embed();
        long before = LiveTensors.Count();

        Embed().ShouldBe(first);
        LiveTensors.Count().ShouldBe(before);
        first.Length.ShouldBe(2 * ResidualBackbone.FeatureLength);
        first.Take(128).Sum(v => v * v).ShouldBe(1, 1e-4);
        first.Skip(128).Take(256).Sum(v => v * v).ShouldBe(1, 1e-4);

        float[] Embed()
        {
            using Tensor features = backbone.Embed(view);
            return features.data<float>().ToArray();
        }
    }

    private static void Compare(Tensor maps, float[] expected)
    {
        float[] actual = maps.mean([2, 3]).data<float>().ToArray();
        actual.Length.ShouldBe(expected.Length);
        actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max().ShouldBeLessThan(5e-3f);
    }

    private static Tensor Picture()
    {
        float[] values = new float[3 * Side * Side];
        for (int i = 0; i < values.Length; i++)
        {
            (int channel, int y, int x) = (i / (Side * Side), i / Side % Side, i % Side);
            values[i] = (float)(0.5 + (0.5 * Math.Sin(0.05 * y * (channel + 1)) * Math.Cos(0.07 * x)));
        }

        return tensor(values, [1, 3, Side, Side]);
    }
}

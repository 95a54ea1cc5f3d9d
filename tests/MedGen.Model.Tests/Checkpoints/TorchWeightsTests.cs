using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Inspection;
using MedGen.Model.TextEncoders;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Tests.Archives;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Checkpoints;

/// <summary>The autoencoder and the text encoder of Wan 2.1 are released in torch's own format.</summary>
public sealed class TorchWeightsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-pth-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    public TorchWeightsTests()
    {
        foreach (string file in (string[])["diffusion_pytorch_model.safetensors", "config.json", "vae_config.json", "text_encoder_config.json", "spiece.model"])
        {
            File.Copy(Path.Combine(Fixtures.TinyModel, file), Path.Combine(_folder, file));
        }

        Convert("Wan2.1_VAE");
        Convert("models_t5_umt5-xxl-enc-bf16");
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Open_OfAFolderAsReleased_BuildsTheSameParts()
    {
        (ModelFolder released, ModelFolder plain) = (ModelFolder.Open(_folder), ModelFolder.Open(Fixtures.TinyModel));

        released.ThrowIfIncomplete();
        released.ComputeHash().Length.ShouldBe(64);
        using WanAutoencoder autoencoder = released.OpenAutoencoder(CPU, ScalarType.Float32);
        using WanAutoencoder expectedAutoencoder = plain.OpenAutoencoder(CPU, ScalarType.Float32);
        using UMT5Encoder encoder = released.OpenTextEncoder(CPU, ScalarType.Float32);
        using UMT5Encoder expectedEncoder = plain.OpenTextEncoder(CPU, ScalarType.Float32);
        ShouldBeEqual(autoencoder.Parameters, expectedAutoencoder.Parameters);
        ShouldBeEqual(Numbers(encoder), Numbers(expectedEncoder));
    }

    [Fact]
    public void Inspect_OfAFolderAsReleased_CountsTheSameParameters()
    {
        ModelReport report = ModelInspector.Inspect(_folder, 32, 32, 5);

        report.Missing.ShouldBeEmpty();
        report.Parts.Select(part => part.Parameters).ShouldBe(ModelInspector.Inspect(Fixtures.TinyModel, 32, 32, 5).Parts.Select(part => part.Parameters));
        report.Parts.SelectMany(part => part.Files).ShouldContain("Wan2.1_VAE.pth");
    }

    private static Dictionary<string, Tensor> Numbers(UMT5Encoder encoder) =>
        encoder.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value.Numbers!);

    private static void ShouldBeEqual(IReadOnlyDictionary<string, Tensor> actual, IReadOnlyDictionary<string, Tensor> expected)
    {
        actual.Keys.ShouldBe(expected.Keys, ignoreOrder: true);
        expected.ShouldAllBe(weight => actual[weight.Key].equal(weight.Value).all().item<bool>());
    }

    private void Convert(string name)
    {
        using SafetensorsFile source = SafetensorsFile.Open(Path.Combine(Fixtures.TinyModel, name + ".safetensors"));
        TorchFile target = new();
        int key = 0;
        foreach ((string tensor, SafetensorInfo info) in source.Tensors)
        {
            string storage = info.DataType == SafetensorsDataType.BF16 ? "BFloat16Storage" : "FloatStorage";
            long[] strides = [.. info.Shape.Select((_, i) => info.Shape.Skip(i + 1).Aggregate(1L, (product, size) => product * size))];
            target.Tensor(tensor, $"{key}", storage, info.ElementCount, 0, [.. info.Shape], strides);
            target.Storage($"{key++}", source.Read(tensor).clone().bytes.ToArray());
        }

        File.WriteAllBytes(Path.Combine(_folder, name + ".pth"), target.ToBytes());
    }
}

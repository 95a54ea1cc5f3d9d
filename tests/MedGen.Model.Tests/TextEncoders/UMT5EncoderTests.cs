using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Model.Parameters;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.TextEncoders;

public sealed class UMT5EncoderTests
{
    private const double Tolerance = 1e-4;
    private static readonly GoldenTensors Cases = new("text_encoder", "cases.safetensors");

    [Theory]
    [InlineData("model.safetensors", "config.json", "short")]
    [InlineData("model.safetensors", "config.json", "long")]
    [InlineData("model_transformers.safetensors", "config_transformers.json", "short")]
    [InlineData("model_transformers.safetensors", "config_transformers.json", "long")]
    public void Encode_GoldenCase_EqualsTheReferenceInEveryRealRow(string weights, string config, string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using UMT5Encoder encoder = Load(weights, ReadConfig(config));
        Tensor encoded = encoder.Encode(Cases[$"{name}.ids"], Cases[$"{name}.mask"]);
        Tensor expected = Cases[$"{name}.out"];
        encoded.shape.ShouldBe(expected.shape);
        long[] lengths = Cases[$"{name}.lens"].data<long>().ToArray();
        for (int row = 0; row < lengths.Length; row++)
        {
            MaxDifference(encoded[row].narrow(0, 0, lengths[row]), expected[row].narrow(0, 0, lengths[row])).ShouldBeLessThan(Tolerance);
            encoded[row].narrow(0, lengths[row], encoded.shape[1] - lengths[row]).abs().sum().item<float>().ShouldBe(0);
        }
    }

    [Fact]
    public void Forward_GoldenCase_EqualsTheReferenceInside()
    {
        using DisposeScope scope = NewDisposeScope();
        using UMT5Encoder encoder = Load("model.safetensors", ReadConfig("config.json"));
        long[] lengths = Cases["short.lens"].data<long>().ToArray();
        int compared = 0;
        for (int row = 0; row < lengths.Length; row++)
        {
            long length = lengths[row];
            int at = row;
            encoder.Forward(Cases["short.ids"].narrow(0, row, 1).narrow(1, 0, length), (name, actual) =>
            {
                if (!Cases.Names.Contains($"short.dbg.{name}"))
                {
                    return;
                }

                Tensor expected = Cases[$"short.dbg.{name}"];
                expected = name.EndsWith("pos_bias", StringComparison.Ordinal)
                    ? expected.narrow(2, 0, length).narrow(3, 0, length)
                    : expected.narrow(0, at, 1).narrow(1, 0, length);
                MaxDifference(actual, expected).ShouldBeLessThan(Tolerance, name);
                compared++;
            });
        }

        compared.ShouldBe(lengths.Length * Cases.Names.Count(name => name.StartsWith("short.dbg.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Buckets_GoldenTable_IsEqual()
    {
        using DisposeScope scope = NewDisposeScope();
        RelativePositions.Buckets(150, 32, 128).to(ScalarType.Int32).data<int>().ToArray().ShouldBe(Cases["rel_bucket"].data<int>().ToArray());
    }

    [Theory]
    [InlineData("model.safetensors", "config.json")]
    [InlineData("model_transformers.safetensors", "config_transformers.json")]
    public void Infer_GoldenWeights_GivesTheirConfig(string weights, string config)
    {
        UMT5EncoderConfig.Infer(GoldenWeights.Shapes("text_encoder", weights), weights).ShouldBe(ReadConfig(config));
    }

    [Fact]
    public void Encode_BFloat16_IsNearFloat32()
    {
        using DisposeScope scope = NewDisposeScope();
        using UMT5Encoder wide = Load("model.safetensors", ReadConfig("config.json"));
        using UMT5Encoder narrow = UMT5Encoder.Load(Open("model.safetensors"), ReadConfig("config.json"), CPU, ScalarType.BFloat16);
        Tensor ids = Cases["long.ids"];
        Tensor encoded = narrow.Encode(ids);
        encoded.dtype.ShouldBe(ScalarType.BFloat16);
        // bfloat16 keeps 8 bits; the outputs are of the order of 1.
        (encoded.to(ScalarType.Float32) - wide.Encode(ids)).abs().mean().item<float>().ShouldBeLessThan(0.05f);
    }

    [Fact]
    public void Encode_Twice_LeavesNoTensorBehind()
    {
        using UMT5Encoder encoder = Load("model.safetensors", ReadConfig("config.json"));
        using Tensor ids = Cases["short.ids"];
        using Tensor mask = Cases["short.mask"];
        encoder.Encode(ids, mask).Dispose();
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        encoder.Encode(ids, mask).Dispose();
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Fact]
    public void Encode_OutsideOfInferenceMode_GivesAGradientToEveryWeight()
    {
        using DisposeScope scope = NewDisposeScope();
        using UMT5Encoder encoder = Load("model.safetensors", ReadConfig("config.json"));
        foreach (Tensor weight in encoder.Parameters.Values.Select(weight => weight.Numbers!))
        {
            weight.requires_grad_();
        }

        encoder.Encode(Cases["short.ids"], Cases["short.mask"]).square().sum().backward();
        foreach ((string name, Tensor weight) in encoder.Parameters.Select(pair => (pair.Key, pair.Value.Numbers!)))
        {
            weight.grad.ShouldNotBeNull(name);
            weight.grad.abs().sum().item<float>().ShouldBeGreaterThan(0, name);
        }
    }

    [Fact]
    public void Encode_BadInput_SaysWhatIsAllowed()
    {
        using DisposeScope scope = NewDisposeScope();
        UMT5EncoderConfig config = ReadConfig("config.json");
        using UMT5Encoder encoder = Load("model.safetensors", config);
        Tensor pair = tensor(new long[,] { { 1, 2 } });
        Should.Throw<InvalidInputException>(() => encoder.Encode(pair * 256)).Message.ShouldContain("0 to 511");
        Should.Throw<InvalidInputException>(() => encoder.Encode(tensor(new long[] { 1 }))).Message.ShouldContain("[B, L]");
        Should.Throw<InvalidInputException>(() => encoder.Encode(pair, tensor(new long[,] { { 0, 1 } }))).Message.ShouldContain("mask");
        Should.Throw<ModelFormatException>(() => Load("model.safetensors", config with { NumLayers = 3 })).Message.ShouldContain("blocks.2.");
        Should.Throw<ModelFormatException>(() => Load("model.safetensors", config with { Dim = 64 })).Message.ShouldContain("[512, 32]");
        Should.Throw<ModelFormatException>(() => Load("model.safetensors", config with { NumHeads = 8 })).Message.ShouldContain("[32, 4]");
        Should.Throw<ModelFormatException>(() => Load("model.safetensors", config with { NumHeads = 5 })).Message.ShouldContain("5 heads");
    }

    private static WeightReader Open(string weights) =>
        GoldenWeights.Open(names => names.ToDictionary(name => name, UMT5EncoderKeys.ToOriginal), "text_encoder", weights);

    private static UMT5Encoder Load(string weights, UMT5EncoderConfig config) => UMT5Encoder.Load(Open(weights), config, CPU, ScalarType.Float32);

    private static UMT5EncoderConfig ReadConfig(string name) =>
        UMT5EncoderConfig.FromJson(JsonDocument.Parse(File.ReadAllText(GoldenFolder.Path("text_encoder", name))).RootElement, name);

    private static double MaxDifference(Tensor actual, Tensor expected) => (actual - expected).abs().max().item<float>();
}

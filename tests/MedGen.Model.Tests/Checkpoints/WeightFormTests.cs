using MedGen.Model.Adapters;
using MedGen.Model.Checkpoints;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.Tests.Transformers;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using MedGen.Model.Verification;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Checkpoints;

/// <summary>
/// Forms of weight files beyond those in the fixtures, made of them by writing them again in another spelling. That the fixtures themselves are read
/// rightly is shown by the verification's own test.
/// </summary>
public sealed class WeightFormTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private const string Prefix = "model.diffusion_model.";

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-forms-").FullName;
    private readonly GoldenTensors _cases = GoldenTensors.Open(FileOf("cases.safetensors"));
    private readonly GoldenTensors _textCases = GoldenTensors.Open(FileOf("text_encoder", "cases.safetensors"));

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Load_OfHalvesUnderAPrefix_EqualsTheReference()
    {
        Dictionary<string, Tensor> tensors = Tensors(GoldenFolder.Path("transformer", "model.safetensors"))
            .ToDictionary(pair => Prefix + pair.Key, pair => pair.Value.to_type(ScalarType.Float16));

        ShouldEqual(Write(tensors), "comfy_fp16");
    }

    [Fact]
    public void Load_OfScalesInTwoDimensionsWithoutAStatement_EqualsThoseInOne()
    {
        Dictionary<string, Tensor> tensors = Tensors(FileOf("single", "int8_tensorwise_comfy_quant.safetensors"))
            .Where(pair => !pair.Key.EndsWith(".comfy_quant", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key, pair => pair.Key.EndsWith("_scale", StringComparison.Ordinal) && pair.Value.dim() == 1 ? pair.Value.unsqueeze(1) : pair.Value);

        ShouldEqual(Write(tensors), "int8_tensorwise_comfy_quant");
    }

    [Fact]
    public void Load_OfAMarkOfTwoElementsAndScalesOfOne_EqualsTheOldSpelling()
    {
        Dictionary<string, Tensor> tensors = Tensors(FileOf("single", "fp8_scaled_old.safetensors")).ToDictionary(
            pair => pair.Key[Prefix.Length..],
            pair => pair.Key.EndsWith("scaled_fp8", StringComparison.Ordinal) ? zeros(2).to_type(pair.Value.dtype)
                : pair.Key.EndsWith(".scale_weight", StringComparison.Ordinal) ? pair.Value.view(1)
                : pair.Value);

        ShouldEqual(Write(tensors), "fp8_scaled_old");
    }

    [Fact]
    public void Load_OfATensorUnderThePrefixAndWithoutIt_IsRefused()
    {
        Dictionary<string, Tensor> tensors = Tensors(GoldenFolder.Path("transformer", "model.safetensors"));
        tensors.Add(Prefix + "head.head.bias", tensors["head.head.bias"]);

        Should.Throw<ModelFormatException>(() => Open(Write(tensors))).Message.ShouldContain("'model.diffusion_model.head.head.bias' is there twice");
    }

    [Theory]
    [InlineData("blocks.0.self_attn.q.weight_scale_2", "'blocks.0.self_attn.q.weight_scale_2' is unexpected")]
    [InlineData("blocks.0.self_attn.q.weight_zero_point", "'blocks.0.self_attn.q.weight_zero_point' is unexpected")]
    public void Load_OfAScaleThatNobodyKnows_IsRefusedByName(string name, string expected)
    {
        Dictionary<string, Tensor> tensors = Tensors(FileOf("single", "fp8_e5m2_plain.safetensors"));
        tensors.Add(name, ones(1));

        Should.Throw<ModelFormatException>(() => Open(Write(tensors))).Message.ShouldContain(expected);
    }

    [Fact]
    public void Load_OfWeightsInWholeNumbers_IsRefusedByName()
    {
        Dictionary<string, Tensor> tensors = Tensors(GoldenFolder.Path("transformer", "model.safetensors"));
        tensors["head.head.weight"] = tensors["head.head.weight"].to_type(ScalarType.Byte);

        Should.Throw<ModelFormatException>(() => Open(Write(tensors))).Message
            .ShouldContain("'head.head.weight' is stored as U8, in whole numbers without a scale");
    }

    [Fact]
    public void Load_OfATextEncoderInTheOldSpelling_EqualsTheNew()
    {
        Dictionary<string, Tensor> tensors = Tensors(FileOf("text_encoder", "umt5_fp8_comfy_quant.safetensors"))
            .Where(pair => !pair.Key.EndsWith(".comfy_quant", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key.Replace(".weight_scale", ".scale_weight", StringComparison.Ordinal), pair => pair.Value);
        tensors.Add("scaled_fp8", empty(0).to_type(tensors.Values.First(tensor => tensor.element_size() == 1).dtype));
        tensors.Add("spiece_model", tensor(File.ReadAllBytes(GoldenFolder.Path("tokenizer", "spiece.model"))));
        using UMT5Encoder encoder = ModelFolder.LoadTextEncoder([Write(tensors)], FileOf("text_encoder", "config.json"), CPU, ScalarType.Float32);

        Tensor output = encoder.Encode(_textCases["ids"], _textCases["mask"]);

        for (int row = 0; row < 2; row++)
        {
            long length = _textCases["mask"][row].sum().item<long>();
            WanTransformerGoldenTests.MaxAbsDiff(output[row].narrow(0, 0, length), _textCases["umt5_fp8_comfy_quant.out"][row].narrow(0, 0, length))
                .ShouldBeLessThan(Tolerance);
        }
    }

    [Theory]
    [InlineData("blocks.0.attn.q.scale_weight")]
    [InlineData("encoder.block.0.layer.0.SelfAttention.q.weight_scale_inv")]
    public void Load_OfATextEncoderWithAScaleThatNobodyKnows_IsRefusedByName(string name)
    {
        Dictionary<string, Tensor> tensors = Tensors(FileOf("text_encoder", "umt5_fp8_comfy_quant.safetensors"));
        tensors.Add(name, ones(1));

        Should.Throw<ModelFormatException>(() =>
            ModelFolder.LoadTextEncoder([Write(tensors)], FileOf("text_encoder", "config.json"), CPU, ScalarType.Float32)).Message.ShouldContain(name);
    }

    [Theory]
    [InlineData("gguf", "wan-Q5_K-Q6_K.gguf", ScalarType.Float32)]
    [InlineData("gguf", "wan-mixed.gguf", ScalarType.BFloat16)]
    [InlineData("single", "fp8_scaled_old.safetensors", ScalarType.Float32)]
    [InlineData("single", "int8_tensorwise_comfy_quant.safetensors", ScalarType.BFloat16)]
    public void Load_OfCodes_KeepsThemAsStored(string folder, string file, ScalarType type)
    {
        using WeightFile stored = WeightFile.Open(FileOf(folder, file));
        Dictionary<string, WeightInfo> infos = stored.Weights.Values.ToDictionary(info => WanTransformerKeys.ToOriginal(info.Name));
        using WanTransformer transformer = Open(FileOf(folder, file), type);

        KeyValuePair<string, StoredWeight>[] codes = [.. transformer.Parameters.Where(pair => pair.Value.IsQuantized)];
        codes.Select(pair => pair.Key).ShouldBe(infos.Where(pair => pair.Value.IsQuantized).Select(pair => pair.Key), ignoreOrder: true);
        codes.Length.ShouldBeGreaterThan(10);
        codes.ShouldAllBe(pair => pair.Value.ByteLength == infos[pair.Key].ByteLength);
        long largest = codes.Max(pair => pair.Value.ElementCount) * (type == ScalarType.BFloat16 ? 2 : 4);
        transformer.WeightBytes.ShouldBe(transformer.Parameters.Values.Sum(weight => weight.ByteLength) + largest);
    }

    [Fact]
    public void Forward_OverCodes_LeavesNothingBehind()
    {
        using WanTransformer transformer = Open(FileOf("gguf", "wan-mixed.gguf"));
        Forward(transformer, null);
        long before = LiveTensors.Count();

        Forward(transformer, null);

        LiveTensors.Count().ShouldBe(before);
    }

    [Theory]
    [InlineData("lora_ranks_alpha")]
    [InlineData("dora_out")]
    public void Forward_OverCodesWithAnAdapter_EqualsTheSameOverTheirNumbers(string name)
    {
        using WanTransformer codes = Open(FileOf("single", "fp8_scaled_old.safetensors"));
        using WanTransformer numbers = WanTransformer.Load(
            (parameter, _) => codes.Parameters[parameter].Read(ScalarType.Float32), codes.Config, CPU, ScalarType.Float32);
        numbers.Parameters.Values.ShouldAllBe(weight => !weight.IsQuantized);
        using SafetensorsFile file = SafetensorsFile.Open(Fixtures.Path("goldens22", "lora", name + ".safetensors"));
        using LoraAdapter adapter = LoraAdapter.Load(file, codes.Shapes, CPU, ScalarType.Float32);
        AdapterSet adapters = new((adapter, 1.0));

        float[] output = Forward(codes, adapters);

        output.ShouldBe(Forward(numbers, adapters), 1e-6);
        output.Zip(Forward(codes, null), (with, without) => Math.Abs(with - without)).Max().ShouldBeGreaterThan(1e-2f);
    }

    private static string FileOf(params string[] parts) => Fixtures.Path(["goldens22", "layouts", .. parts]);

    private static WanTransformer Open(string path, ScalarType type = ScalarType.Float32) =>
        ModelFolder.LoadTransformer([path], FileOf("transformer", "config.json"), null, CPU, type);

    // Of our own reader: that it reads files as they are is tested elsewhere; here they are only written again.
    private static Dictionary<string, Tensor> Tensors(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Tensors.Keys.ToDictionary(name => name, file.Read);
    }

    private string Write(Dictionary<string, Tensor> tensors)
    {
        string path = Path.Combine(_folder, "written.safetensors");
        SafetensorsWriter.Write(path, tensors);
        return path;
    }

    private void ShouldEqual(string path, string name)
    {
        using WanTransformer transformer = Open(path);
        Tensor expected = _cases[$"{name}.out"];
        Forward(transformer, null).ShouldBe(expected.flatten().data<float>().ToArray(), Tolerance);
    }

    private float[] Forward(WanTransformer transformer, AdapterSet? adapters)
    {
        using DisposeScope scope = NewDisposeScope();
        return transformer.ForwardEach([_cases["x"]], _cases["t"], [_cases["context"]], (int)_cases["seq_len"].item<long>(), adapters)[0]
            .flatten().data<float>().ToArray();
    }
}

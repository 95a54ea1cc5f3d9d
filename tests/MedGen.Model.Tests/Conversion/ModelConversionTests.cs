using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Conversion;
using MedGen.Model.ImageEncoders;
using MedGen.Model.Inspection;
using MedGen.Model.TextEncoders;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.Transformers;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Conversion;

public sealed class ModelConversionTests : IDisposable
{
    private static readonly string Wan21 = GoldenFolder.Path("pipeline", "models");
    private static readonly string TextAndPicture = Fixtures.Path("goldens22", "ti2v", "pipeline", "models");
    private static readonly string TwoExperts = Fixtures.Path("goldens22", "a14b", "pipeline", "models");
    private static readonly string Pictures = Fixtures.Path("goldens22", "i2v21", "pipeline", "models");

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-convert-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, ConversionLayout> Models
    {
        get
        {
            TheoryData<string, ConversionLayout> data = [];
            foreach (string model in new[] { Wan21, TextAndPicture, TwoExperts })
            {
                foreach (ConversionLayout layout in Enum.GetValues<ConversionLayout>())
                {
                    data.Add(model, layout);
                }
            }

            data.Add(Pictures, ConversionLayout.ComfyUI);
            data.Add(Pictures, ConversionLayout.Released);
            data.Add(Pictures, ConversionLayout.Diffusers);
            return data;
        }
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Models), DisableDiscoveryEnumeration = true)]
    public void Run_ToALayoutAndBack_KeepsEveryWeightAndStatement(string model, ConversionLayout layout)
    {
        (string there, string back) = (Path.Combine(_folder, "there"), Path.Combine(_folder, "back"));

        ModelConversion.Run(model, there, layout, SafetensorsDataType.BF16).ShouldNotBeEmpty();
        ModelConversion.Run(there, back, ConversionLayout.Released, SafetensorsDataType.BF16);

        ModelFolder source = ModelFolder.Open(model);
        foreach (ModelFolder result in new[] { ModelFolder.Open(there), ModelFolder.Open(back) })
        {
            result.Name.ShouldBe(source.Name);
            result.Defaults.ShouldBe(source.Defaults);
            CompareTransformers(source, result);
            using UMT5Encoder text = source.OpenTextEncoder(CPU, ScalarType.Float32);
            using UMT5Encoder convertedText = result.OpenTextEncoder(CPU, ScalarType.Float32);
            convertedText.Config.ShouldBe(text.Config);
            using WanAutoencoder autoencoder = source.OpenAutoencoder(CPU, ScalarType.Float32);
            using WanAutoencoder convertedAutoencoder = result.OpenAutoencoder(CPU, ScalarType.Float32);
            convertedAutoencoder.Config.ShouldBe(autoencoder.Config);
            autoencoder.Parameters.ShouldAllBe(pair => pair.Value.eq(convertedAutoencoder.Parameters[pair.Key]).all().item<bool>());
            result.OpenTokenizer().Encode("a lung", 16).ShouldBe(source.OpenTokenizer().Encode("a lung", 16));
        }
    }

    [Fact]
    public void Run_ToFloat8_KeepsLinearsWithinItsStepsAndReadsLikeComfyUIs()
    {
        string output = Path.Combine(_folder, "out");
        IReadOnlyList<string> files = ModelConversion.Run(Wan21, output, ConversionLayout.ComfyUI, SafetensorsDataType.F8E4M3);

        files.ShouldContain(Path.Combine("diffusion_models", "wan-tiny.safetensors"));
        FileReport report = FileInspector.Inspect(Path.Combine(output, "diffusion_models", "wan-tiny.safetensors"));
        report.Problems.ShouldBeEmpty();
        report.Forms.Select(form => form.Form).ShouldContain("F8_E4M3 scaled");
        using WanTransformer source = ModelFolder.Open(Wan21).OpenTransformer(CPU, ScalarType.Float32);
        using WanTransformer converted = ModelFolder.Open(output).OpenTransformer(CPU, ScalarType.Float32);
        foreach ((string name, StoredWeight weight) in source.Parameters)
        {
            Tensor expected = weight.Read(ScalarType.Float32);
            Tensor difference = (converted.Parameters[name].Read(ScalarType.Float32) - expected).abs();
            // Half a step of three bits behind the point, or of the smallest numbers.
            Tensor allowed = (expected.abs() / 16) + (expected.abs().max() / 448 / 512);
            (difference <= allowed * 1.001).all().item<bool>().ShouldBeTrue(name);
        }

        (converted.Parameters["blocks.0.self_attn.q.weight"].IsQuantized, converted.Parameters["blocks.0.modulation"].IsQuantized).ShouldBe((true, false));
    }

    [Theory]
    [InlineData("gguf/wan-Q5_K-Q6_K.gguf")]
    [InlineData("single/int8_tensorwise_comfy_quant.safetensors")]
    public void Run_OfASingleFile_WritesItsValues(string file)
    {
        string input = Fixtures.Path("goldens22", "layouts", file);
        string config = Fixtures.Path("goldens22", "layouts", "transformer", "config.json");
        string output = Path.Combine(_folder, "out.safetensors");

        ModelConversion.Run(Beside(input, config), output, ConversionLayout.Diffusers, SafetensorsDataType.BF16).ShouldBe(["out.safetensors"]);

        using WanTransformer source = ModelFolder.LoadTransformer([input], config, null, CPU, ScalarType.Float32);
        using WanTransformer converted = ModelFolder.LoadTransformer([output], config, null, CPU, ScalarType.Float32);
        using SafetensorsFile written = SafetensorsFile.Open(output);
        written.Tensors.Keys.ShouldContain("blocks.0.attn1.to_q.weight");
        Compare(source, converted);
    }

    [Fact]
    public void Run_OfWhatCannotBeWritten_SaysWhyAndLeavesNothing()
    {
        string output = Path.Combine(_folder, "out");
        string[] before = [.. Directory.EnumerateFileSystemEntries(_folder)];
        Should.Throw<InvalidInputException>(() => ModelConversion.Run(Wan21, output, ConversionLayout.Diffusers, SafetensorsDataType.F8E4M3))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("dtype");
        Should.Throw<InvalidInputException>(() => ModelConversion.Run(Wan21, Wan21, ConversionLayout.Diffusers, SafetensorsDataType.BF16))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("out");
        Should.Throw<InvalidInputException>(() => ModelConversion.Run(
            Fixtures.Path("goldens22", "lora", "lokr.safetensors"), output, ConversionLayout.Diffusers, SafetensorsDataType.BF16))
            .Violations.ShouldContain(violation => violation.Field == "in");
        Directory.EnumerateFileSystemEntries(_folder).ShouldBe(before);
    }

    [Fact]
    public void Run_OfAnImageEncoderToDiffusers_SeparatesItsProjectionsAndGivesTheSameTokens()
    {
        string there = Path.Combine(_folder, "there");
        IReadOnlyList<string> written = ModelConversion.Run(Pictures, there, ConversionLayout.Diffusers, SafetensorsDataType.BF16);

        written.ShouldContain("image_processor/preprocessor_config.json");
        IReadOnlyDictionary<string, SafetensorInfo> tensors = SafetensorsHeader.Read(Path.Combine(there, "image_encoder", "model.safetensors")).Tensors;
        tensors["vision_model.encoder.layers.2.self_attn.v_proj.weight"].Shape.ShouldBe([40, 40]); // the block that Wan does not run, too
        tensors["vision_model.embeddings.position_embedding.weight"].Shape.ShouldBe([5, 40]);
        tensors.ShouldContainKey("vision_model.post_layernorm.bias");
        tensors.Keys.ShouldAllBe(name => name.StartsWith("vision_model."));
        using ClipVisionEncoder source = ModelFolder.Open(Pictures).OpenImageEncoder(CPU, ScalarType.Float32);
        using ClipVisionEncoder result = ModelFolder.Open(there).OpenImageEncoder(CPU, ScalarType.Float32);
        result.Config.ShouldBe(source.Config with { SplitsProjections = true, Mean = result.Config.Mean, Std = result.Config.Std });
        Tensor pixels = source.Preprocess(rand(1, 3, 50, 40));
        (source.Forward(pixels) - result.Forward(pixels)).abs().max().item<float>().ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void Run_OfAModelWithAWeightThatIsNoNumber_LeavesNothing()
    {
        string model = Path.Combine(_folder, "model");
        Directory.CreateDirectory(model);
        foreach (string path in Directory.EnumerateFileSystemEntries(Wan21))
        {
            File.CreateSymbolicLink(Path.Combine(model, Path.GetFileName(path)), path);
        }

        string file = Path.Combine(model, "diffusion_pytorch_model.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        SafetensorInfo broken = SafetensorsHeader.Read(file).Tensors["blocks.1.ffn.2.weight"];
        BitConverter.TryWriteBytes(bytes.AsSpan((int)(SafetensorsHeader.Read(file).DataOffset + broken.ByteOffset)), float.NaN);
        File.Delete(file);
        File.WriteAllBytes(file, bytes);

        Should.Throw<ModelFormatException>(() => ModelConversion.Run(
            model, Path.Combine(_folder, "out"), ConversionLayout.ComfyUI, SafetensorsDataType.F8E4M3)).Message.ShouldContain("blocks.1.ffn.2.weight");
        Directory.EnumerateFileSystemEntries(_folder).ShouldHaveSingleItem();
    }

    // A config lies beside a single file.
    private string Beside(string file, string config)
    {
        string link = Path.Combine(_folder, Path.GetFileName(file));
        File.CreateSymbolicLink(link, file);
        File.Copy(config, Path.Combine(_folder, "config.json"));
        return link;
    }

    private static void CompareTransformers(ModelFolder source, ModelFolder result)
    {
        using WanTransformer transformer = source.OpenTransformer(CPU, ScalarType.Float32);
        using WanTransformer converted = result.OpenTransformer(CPU, ScalarType.Float32);
        converted.Config.ShouldBe(transformer.Config);
        Compare(transformer, converted);
        using WanTransformer? low = source.OpenLowNoiseTransformer(CPU, ScalarType.Float32);
        using WanTransformer? convertedLow = result.OpenLowNoiseTransformer(CPU, ScalarType.Float32);
        (convertedLow is null).ShouldBe(low is null);
        if (low is not null)
        {
            Compare(low, convertedLow!);
        }
    }

    // Matrices are rounded once, all else is as it was.
    private static void Compare(WanTransformer source, WanTransformer converted)
    {
        foreach ((string name, StoredWeight weight) in source.Parameters)
        {
            Tensor expected = weight.Read(ScalarType.Float32);
            bool isWide = weight.Shape.Count < 2 || name.EndsWith("modulation", StringComparison.Ordinal);
            expected = isWide ? expected : expected.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32);
            expected.eq(converted.Parameters[name].Read(ScalarType.Float32)).all().item<bool>().ShouldBeTrue(name);
        }
    }
}

using System.Text.Json;
using MedGen.Model.Checkpoints;
using MedGen.Model.Inspection;
using MedGen.Model.Pipelines;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Checkpoints;

/// <summary>Models whose files lie apart, as a card names them, or together under names of their own.</summary>
public sealed class NamedFileTests : IDisposable
{
    private const string Gguf = "wan-Q5_K-Q6_K.gguf";
    private const string TextGguf = "umt5-encoder-Q8_0.gguf";

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-named-").FullName;

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("medgen.json", true)]
    [InlineData("medgen.json", false)]
    [InlineData("gguf.json", false)]
    public void Open_OfACard_TakesTheFilesThatItNames(string cardName, bool byFolder)
    {
        string card = WriteCard(cardName);

        ModelFolder model = ModelFolder.Open(byFolder ? _folder : card);

        model.ThrowIfIncomplete();
        model.Files.Layout.ShouldBe(ModelLayout.Named);
        model.Name.ShouldBe("apart");
        model.Files.Tokenizer.ShouldBe(GoldenFolder.Path("tokenizer", "spiece.model"));
        model.ComputeHash().Length.ShouldBe(64);
        using WanTransformer transformer = model.OpenTransformer(CPU, ScalarType.Float32);
        transformer.Parameters["blocks.0.ffn.2.weight"].IsQuantized.ShouldBeTrue();
        transformer.Config.NumHeads.ShouldBe(2);
        using UMT5Encoder encoder = model.OpenTextEncoder(CPU, ScalarType.Float32);
        encoder.Config.NumHeads.ShouldBe(4);
    }

    [Fact]
    public void Generate_WithFilesInCodes_MakesAClip()
    {
        string card = WriteCard("medgen.json");
        VideoGenerationRequest request = new() { Prompt = "lung", Seed = 3, Width = 48, Height = 32, NumFrames = 5, NumInferenceSteps = 2 };

        using MedGenPipeline pipeline = MedGenPipeline.Open(ModelFolder.Open(card), CPU, ScalarType.Float32);
        VideoFrame[] frames = [.. pipeline.Generate(request)];

        frames.Length.ShouldBe(5);
        frames[0].Width.ShouldBe(48);
        pipeline.Description.Parameters.ShouldBeGreaterThan(149_248);
        pipeline.WeightBytes.ShouldBe(ModelInspector.Inspect(card, 48, 32, 5, "float32").Cost!.WeightBytes);
    }

    [Fact]
    public void Open_OfATextEncoderThatHoldsItsTokenizer_TakesThat()
    {
        string file = WithTokenizer();
        ModelFolder model = ModelFolder.Open(WriteCard("medgen.json", new { text_encoder = file }));

        model.Files.Tokenizer.ShouldBe(file);
        model.OpenTokenizer().Encode("lung ultrasound").ShouldBe(
            MedGen.Model.TextEncoders.Tokenization.SentencePieceTokenizer.Load(GoldenFolder.Path("tokenizer", "spiece.model")).Encode("lung ultrasound"));
        using UMT5Encoder encoder = model.OpenTextEncoder(CPU, ScalarType.Float32);
        encoder.Parameters.Keys.ShouldNotContain("spiece_model");
    }

    [Theory]
    [InlineData("""{ "files": { "transformer": "none.gguf" } }""", "files.transformer names 'none.gguf', which is not there")]
    [InlineData("""{ "files": { "vae": "x" } }""", "medgen.json is not as it should be")]
    [InlineData("""{ "files": [] }""", "medgen.json is not as it should be")]
    [InlineData("""{ "name": "x" }""", "is a file; allowed: a model folder, or a medgen.json that names")]
    public void Open_OfACardThatIsNotRight_SaysWhy(string json, string expected)
    {
        string card = Path.Combine(_folder, "medgen.json");
        File.WriteAllText(card, json);

        Should.Throw<ModelFormatException>(() => ModelFolder.Open(card)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Open_OfAWeightFile_SaysWhatIsAllowed() =>
        Should.Throw<ModelFormatException>(() => ModelFolder.Open(Layouts("gguf", Gguf))).Message.ShouldContain("is a file; allowed: a model folder");

    [Fact]
    public void Open_OfAnIndexOfShards_TakesThemAll()
    {
        using (SafetensorsFile whole = SafetensorsFile.Open(GoldenFolder.Path("transformer", "model.safetensors")))
        {
            Dictionary<string, Tensor>[] shards = [.. whole.Tensors.Keys.GroupBy(name => name.Contains("blocks.0")).Select(group => group.ToDictionary(name => name, whole.Read))];
            for (int i = 0; i < 2; i++)
            {
                SafetensorsWriter.Write(Path.Combine(_folder, $"part-{i}.safetensors"), shards[i]);
            }

            File.WriteAllText(
                Path.Combine(_folder, "part.safetensors.index.json"),
                JsonSerializer.Serialize(new { weight_map = shards.SelectMany((shard, i) => shard.Keys.Select(name => (name, $"part-{i}.safetensors"))).ToDictionary() }));
        }

        File.Copy(Layouts("transformer", "config.json"), Path.Combine(_folder, "config.json"));
        ModelFolder model = ModelFolder.Open(WriteCard("medgen.json", new { transformer = "part.safetensors.index.json" }));

        model.Files.Transformer.Count.ShouldBe(2);
        model.OpenTransformer(CPU, ScalarType.Float32).Dispose();
    }

    [Fact]
    public void Open_OfAFolderOfSingleFiles_KnowsThemByTheirContent()
    {
        Copy(Layouts("gguf", Gguf), "anything.gguf");
        Copy(Layouts("text_encoder", "umt5_fp8_comfy_quant.safetensors"), "something.safetensors");
        Copy(Path.Combine(Fixtures.TinyModel, "Wan2.1_VAE.safetensors"), "wan_2.1_vae.safetensors");
        Copy(Path.Combine(Fixtures.TinyModel, "spiece.model"), "spiece.model");

        ModelFiles files = ModelFolder.Open(_folder).Files;

        files.Missing.ShouldBeEmpty();
        Path.GetFileName(files.Transformer.ShouldHaveSingleItem()).ShouldBe("anything.gguf");
        Path.GetFileName(files.TextEncoder.ShouldHaveSingleItem()).ShouldBe("something.safetensors");
        Path.GetFileName(files.Autoencoder).ShouldBe("wan_2.1_vae.safetensors");
        files.FineTune.ShouldBeNull();
    }

    [Fact]
    public void Open_OfAFolderWithTwoTextEncoders_AsksForOne()
    {
        Copy(Layouts("text_encoder", "umt5_fp8_comfy_quant.safetensors"), "a.safetensors");
        Copy(Layouts("text_encoder", TextGguf), "b.gguf");

        Should.Throw<ModelFormatException>(() => ModelFolder.Open(_folder)).Message
            .ShouldContain("holds several text encoders (a.safetensors, b.gguf); keep one in the folder, or name the files under \"files\" in medgen.json");
    }

    [Fact]
    public void Open_OfAFolderWithAGgufBesideTheReleasedFile_AsksForOne()
    {
        Copy(Path.Combine(Fixtures.TinyModel, "diffusion_pytorch_model.safetensors"), "diffusion_pytorch_model.safetensors");
        Copy(Layouts("gguf", Gguf), Gguf);

        Should.Throw<ModelFormatException>(() => ModelFolder.Open(_folder)).Message
            .ShouldContain($"holds several transformers (diffusion_pytorch_model.safetensors, {Gguf})");
    }

    private static string Layouts(params string[] parts) => Fixtures.Path(["goldens22", "layouts", .. parts]);

    private void Copy(string from, string name) => File.Copy(from, Path.Combine(_folder, name));

    // Files apart from each other; the configs lie beside them.
    private string WriteCard(string name, object? files = null)
    {
        string weights = Path.Combine(_folder, "transformers");
        Directory.CreateDirectory(weights);
        File.Copy(Layouts("gguf", Gguf), Path.Combine(weights, Gguf));
        File.Copy(Layouts("transformer", "config.json"), Path.Combine(weights, "config.json"));
        string card = Path.Combine(_folder, name);
        File.WriteAllText(card, JsonSerializer.Serialize(new
        {
            name = "apart",
            trained = false,
            defaults = new { width = 48, height = 32, num_frames = 5, num_inference_steps = 2 },
            files = files ?? new
            {
                transformer = $"transformers/{Gguf}",
                text_encoder = Layouts("text_encoder", TextGguf),
                tokenizer = GoldenFolder.Path("tokenizer", "spiece.model"),
                autoencoder = Path.Combine(Fixtures.TinyModel, "Wan2.1_VAE.safetensors"),
            },
        }));
        return card;
    }

    private string WithTokenizer()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Layouts("text_encoder", "umt5_fp8_comfy_quant.safetensors"));
        Dictionary<string, Tensor> tensors = file.Tensors.Keys.ToDictionary(name => name, file.Read);
        tensors.Add("spiece_model", tensor(File.ReadAllBytes(GoldenFolder.Path("tokenizer", "spiece.model"))));
        string path = Path.Combine(_folder, "umt5.safetensors");
        SafetensorsWriter.Write(path, tensors);
        return path;
    }
}

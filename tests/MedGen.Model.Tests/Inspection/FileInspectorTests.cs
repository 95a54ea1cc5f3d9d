using MedGen.Model.Checkpoints;
using MedGen.Model.Inspection;
using MedGen.Model.Tests.Goldens;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Inspection;

public sealed class FileInspectorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-file-").FullName;

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Inspect_OfAGgufTransformer_TellsItsForms()
    {
        File.Copy(Layouts("gguf", "wan-mixed.gguf"), Path.Combine(_folder, "wan-mixed.gguf"));
        File.Copy(Layouts("transformer", "config.json"), Path.Combine(_folder, "config.json"));

        FileReport report = FileInspector.Inspect(Path.Combine(_folder, "wan-mixed.gguf"));

        report.Problems.ShouldBeEmpty();
        report.Part.ShouldBe(WeightPart.Transformer);
        report.Parameters.ShouldBe(149_248);
        report.Forms.Select(form => (form.Form, form.Weights)).ShouldBe([("BF16", 2), ("F16", 6), ("F32", 43), ("Q4_K", 10), ("Q8_0", 8)]);
        report.Forms.Single(form => form.Form == "Q4_K").Bytes.ShouldBe(49_152 / 256 * 144);
        report.Dimensions["num_layers"].ShouldBe("2");
        report.Unused.ShouldContain("general.name (tiny wan — mixed)");
    }

    [Fact]
    public void Inspect_OfAGgufTextEncoder_TellsWhatIsNotUsed()
    {
        FileReport report = FileInspector.Inspect(Layouts("text_encoder", "umt5-encoder-Q8_0.gguf"));

        report.Problems.ShouldBeEmpty();
        report.Part.ShouldBe(WeightPart.TextEncoder);
        report.Unused.ShouldContain("tokenizer.ggml.tokens (512 × STRING)");
        report.Unused.ShouldNotContain(unused => unused.StartsWith("t5encoder.attention.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("vae/model.safetensors", WeightPart.Autoencoder)]
    [InlineData("vae/model_diffusers.safetensors", WeightPart.Autoencoder)]
    [InlineData("text_encoder/model_transformers.safetensors", WeightPart.TextEncoder)]
    [InlineData("text_encoder/model.safetensors", WeightPart.TextEncoder)]
    [InlineData("transformer/model_diffusers.safetensors", WeightPart.Transformer)]
    [InlineData("lora/lora_kohya.safetensors", WeightPart.Adapter)]
    [InlineData("schedulers/cases.safetensors", WeightPart.Unknown)]
    public void Inspect_OfAFile_KnowsThePartByItsNames(string file, WeightPart part) =>
        FileInspector.Inspect(GoldenFolder.Path(file.Split('/'))).Part.ShouldBe(part);

    [Fact]
    public void Inspect_OfAPathFromHere_ReadsTheSameFile()
    {
        string whole = Layouts("text_encoder", "umt5-encoder-Q8_0.gguf");

        FileInspector.Inspect(Path.GetRelativePath(Environment.CurrentDirectory, whole)).Parameters.ShouldBe(FileInspector.Inspect(whole).Parameters);
    }

    [Fact]
    public void Inspect_OfAWeightThatDoesNotBelong_SaysThatItDoesNotLoad()
    {
        using SafetensorsFile file = SafetensorsFile.Open(GoldenFolder.Path("text_encoder", "model.safetensors"));
        Dictionary<string, Tensor> tensors = file.Tensors.Keys.ToDictionary(name => name, file.Read);
        tensors.Add("blocks.0.attn.q.pre_quant_scale", ones(1));
        string path = Path.Combine(_folder, "text.safetensors");
        SafetensorsWriter.Write(path, tensors);

        FileInspector.Inspect(path).Problems.ShouldBe(["text encoder: 'blocks.0.attn.q.pre_quant_scale' is unexpected"]);
    }

    [Theory]
    [InlineData("t5encoder.block_count", 2, "t5encoder.block_count is 3, by the weights it is 2")]
    [InlineData("t5encoder.attention.head_count", 4, "t5encoder.attention.head_count is 5, by the weights it is 4")]
    public void Inspect_OfAGgufStatementThatContradictsTheWeights_SaysWhich(string key, byte value, string expected)
    {
        byte[] bytes = File.ReadAllBytes(Layouts("text_encoder", "umt5-encoder-Q8_0.gguf"));
        int at = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(key)) + key.Length + 4;
        bytes[at].ShouldBe(value);
        bytes[at]++;
        string path = Path.Combine(_folder, "umt5.gguf");
        File.WriteAllBytes(path, bytes);

        FileInspector.Inspect(path).Problems.ShouldHaveSingleItem().ShouldContain(expected);
        Should.Throw<ModelFormatException>(() => ModelFolder.LoadTextEncoder([path], null, CPU, ScalarType.Float32)).Message.ShouldContain(expected);
    }

    [Fact]
    public void LoadTextEncoder_OfAGgufEpsilon_TakesItWhereNoFileStatesOne()
    {
        byte[] bytes = File.ReadAllBytes(Layouts("text_encoder", "umt5-encoder-Q8_0.gguf"));
        foreach (string key in new[] { "t5encoder.attention.layer_norm_epsilon", "t5encoder.attention.layer_norm_rms_epsilon" })
        {
            BitConverter.GetBytes(1e-5f).CopyTo(bytes, bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(key)) + key.Length + 4);
        }

        string path = Path.Combine(_folder, "umt5.gguf");
        File.WriteAllBytes(path, bytes);

        ModelFolder.LoadTextEncoder([path], null, CPU, ScalarType.Float32).Config.Epsilon.ShouldBe(1e-5);
        Should.Throw<ModelFormatException>(() => ModelFolder.LoadTextEncoder([path], Layouts("text_encoder", "config.json"), CPU, ScalarType.Float32))
            .Message.ShouldContain("allowed: 1E-06");
    }

    [Theory]
    [InlineData("flux", "general.architecture is 'flux', which is no transformer of Wan 2.1")]
    [InlineData("pig", null)]
    [InlineData("cow", null)]
    public void Inspect_OfAnArchitecture_RefusesAnotherModelAndOverlooksAJoke(string architecture, string? expected)
    {
        byte[] key = System.Text.Encoding.UTF8.GetBytes("general.architecture");
        byte[] bytes = File.ReadAllBytes(Layouts("gguf", "wan-Q5_K-Q6_K.gguf"));
        int at = bytes.AsSpan().IndexOf(key) + key.Length + 4;
        BitConverter.ToUInt64(bytes, at).ShouldBe(3UL); // wan
        string padded = architecture.Length > 3 ? architecture : architecture.PadRight(3);
        List<byte> changed = [.. bytes[..at], .. BitConverter.GetBytes((ulong)padded.Length), .. System.Text.Encoding.UTF8.GetBytes(padded), .. bytes[(at + 11)..]];
        if (padded.Length > 3)
        {
            // The data must stay where it was: what the longer name takes comes off the padding before it.
            int data = (int)MedGen.Torch.Gguf.GgufHeader.Read(Layouts("gguf", "wan-Q5_K-Q6_K.gguf")).DataOffset;
            bytes[data - 1].ShouldBe((byte)0);
            changed.RemoveRange(data - 1 + (padded.Length - 3), padded.Length - 3);
        }

        File.Copy(Layouts("transformer", "config.json"), Path.Combine(_folder, "config.json"));
        string path = Path.Combine(_folder, "wan.gguf");
        File.WriteAllBytes(path, [.. changed]);

        IReadOnlyList<string> problems = FileInspector.Inspect(path).Problems;

        problems.ShouldBe(expected is null ? [] : [expected]);
    }

    private static string Layouts(params string[] parts) => Fixtures.Path(["goldens22", "layouts", .. parts]);
}

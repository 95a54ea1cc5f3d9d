using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Inspection;
using MedGen.Model.Sizing;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.Tests.Transformers;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Inspection;

public sealed class ModelInspectorTests : IDisposable
{
    private const int Shards = 6;
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-inspect-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Inspect_WithoutASize_ReckonsWithWhatTheModelMakes()
    {
        GenerationCost cost = ModelInspector.Inspect(RepositoryRoot.Path("models", "medgen-mini")).Cost!;

        (cost.Width, cost.Height, cost.NumFrames).ShouldBe((128, 128, 17));
    }

    [Fact]
    public void Inspect_OfAReleasedFolder_TellsEveryPart()
    {
        ModelReport report = ModelInspector.Inspect(GoldenFolder.Path("pipeline"));

        report.Missing.ShouldBeEmpty();
        report.Layout.ShouldBe("Released");
        report.Variant.ShouldBe("custom");
        report.Parts.Select(part => part.Part).ShouldBe(["transformer", "autoencoder", "text encoder"]);
        report.Parts[2].DataTypes.ShouldBe(["BF16"]);
        report.Parts[2].Dimensions["vocab"].ShouldBe("520");
        report.Parts[1].Dimensions["z_dim"].ShouldBe("16");
        report.Parts.Sum(part => part.Bytes)
            .ShouldBe(new DirectoryInfo(GoldenFolder.Path("pipeline", "models")).EnumerateFiles("*.safetensors").Sum(file => file.Length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Inspect_Of14BInSixShards_NeedsNoData(bool sparse)
    {
        WriteShards(WanTransformerConfig.T2V14B, sparse);

        ModelReport report = ModelInspector.Inspect(_folder);

        report.Variant.ShouldBe("Wan2.1-T2V-14B");
        PartReport transformer = report.Parts.ShouldHaveSingleItem();
        transformer.Parameters.ShouldBe(14_288_491_584);
        transformer.Files.Count.ShouldBe(Shards);
        transformer.MissingBytes.ShouldBe(sparse ? 0 : 2 * 14_288_491_584);
        report.Cost!.FlopsPerForward.ShouldBe(((23.9e9 + 0.42e9) * 32_760) + (819_200.0 * 32_760 * 32_760), 0.002e15);
    }

    [Theory]
    [InlineData("blocks.0.self_attn.q.lora_A.weight", "adapter")]
    [InlineData("blocks.0.self_attn.q.weight", "full weights")]
    public void Inspect_WithAFineTuneOfWhichOnlyTheHeaderIsThere_TellsItsKind(string tensor, string kind)
    {
        WriteShards(WanTransformerConfig.T2V1Point3B, sparse: false);
        WriteHeader("Medgen_1.3B.safetensors", [(tensor, [4, 1536])], sparse: false);

        ModelReport report = ModelInspector.Inspect(_folder);

        report.FineTune.ShouldBe(kind);
        report.Parts.Single(part => part.Part == "fine-tune").MissingBytes.ShouldBe(2 * 4 * 1536);
    }

    [Fact]
    public void Inspect_WithoutOneShard_NamesIt()
    {
        WriteShards(WanTransformerConfig.T2V14B, sparse: false);
        File.Delete(Path.Combine(_folder, "diffusion_pytorch_model-00003-of-00006.safetensors"));

        ModelInspector.Inspect(_folder).Missing.ShouldContain("shard diffusion_pytorch_model-00003-of-00006.safetensors is missing");
    }

    [Fact]
    public void Inspect_OfABrokenFile_NamesIt()
    {
        WriteShards(WanTransformerConfig.T2V1Point3B, sparse: false);
        File.WriteAllText(Path.Combine(_folder, "Wan2.1_VAE.safetensors"), "not a weight file");

        Should.Throw<ModelFormatException>(() => ModelInspector.Inspect(_folder)).FileName.ShouldBe("Wan2.1_VAE.safetensors");
    }

    [Fact]
    public void Inspect_Of1Point3BAt480p_GivesTheKnownCost()
    {
        WriteShards(WanTransformerConfig.T2V1Point3B, sparse: false);

        GenerationCost cost = ModelInspector.Inspect(_folder, dataType: "bfloat16").Cost!;

        cost.Tokens.ShouldBe(32_760);
        (cost.FlopsPerForward / 1e12).ShouldBe(283, 0.5);
        cost.FlopsPerStep.ShouldBe(2 * cost.FlopsPerForward);
        // Norms, modulation, time embedding and head are kept in float32: 12·d a block, and (256 + d + 6·d + 8)·d + 2·d + 64·(d + 1) more.
        long inFloat32 = (30 * 12 * 1536L) + ((256 + 1536 + (6 * 1536) + 8) * 1536L) + (2 * 1536) + (64 * 1537);
        cost.WeightBytes.ShouldBe(2 * (1_418_996_800L + inFloat32));
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public void Inspect_OfAWholeFolder_CountsWhatIsLoaded(string dataType)
    {
        ScalarType type = dataType == "float32" ? ScalarType.Float32 : ScalarType.BFloat16;
        ModelFolder folder = ModelFolder.Open(GoldenFolder.Path("pipeline"));
        using WanTransformer transformer = folder.OpenTransformer(CPU, type);
        using UMT5Encoder textEncoder = folder.OpenTextEncoder(CPU, type);
        using WanAutoencoder autoencoder = folder.OpenAutoencoder(CPU, ScalarType.Float32);
        long loaded = transformer.Parameters.Values.Concat(textEncoder.Parameters.Values).Sum(weight => weight.ByteLength)
            + autoencoder.Parameters.Values.Sum(weight => weight.numel() * weight.element_size());

        ModelInspector.Inspect(GoldenFolder.Path("pipeline"), 64, 48, 9, dataType).Cost!.WeightBytes.ShouldBe(loaded);
    }

    [Fact]
    public void Inspect_WithAnAdapter_CountsItsParts()
    {
        WriteShards(WanTransformerConfig.T2V1Point3B, sparse: false);
        long without = ModelInspector.Inspect(_folder, dataType: "bfloat16").Cost!.WeightBytes;
        WriteHeader("Medgen_1.3B.safetensors", [("blocks.0.self_attn.q.lora_A.weight", [4, 1536]), ("blocks.0.self_attn.q.lora_B.weight", [1536, 4])], sparse: false);

        ModelInspector.Inspect(_folder, dataType: "bfloat16").Cost!.WeightBytes.ShouldBe(without + (2 * 2 * 4 * 1536));
    }

    [Fact]
    public void Inspect_WithAWeightOfAnotherShapeAndOneLess_NamesThem()
    {
        string gone = "blocks.3.cross_attn.norm_k.weight";
        WriteHeader(
            "diffusion_pytorch_model.safetensors",
            ReleasedLayout.Of(WanTransformerConfig.T2V1Point3B).Where(tensor => tensor.Item1 != gone).Select(tensor => tensor.Item1 == "head.head.bias" ? (tensor.Item1, [65]) : tensor),
            sparse: false);

        IReadOnlyList<string> missing = ModelInspector.Inspect(_folder).Missing;

        missing.ShouldContain($"transformer: '{gone}' [1536] is missing");
        missing.ShouldContain("transformer: 'head.head.bias' has shape [65], expected [64]");
    }

    [Fact]
    public void Measure_OfAFolder_LoadsEveryPart()
    {
        LoadReport report = ModelLoad.Measure(RepositoryRoot.Path("models", "medgen-mini"), "float32");

        report.WeightBytes.ShouldBe(ModelInspector.Inspect(RepositoryRoot.Path("models", "medgen-mini"), dataType: "float32").Cost!.WeightBytes);
        report.Seconds.ShouldBeGreaterThan(0);
        Should.Throw<InvalidInputException>(() => ModelLoad.Measure(RepositoryRoot.Path("models", "medgen-mini"), "float16")).Message.ShouldContain("float16");
    }

    [Theory]
    [InlineData("bfloat16", 4 + (2 * 9))]
    [InlineData("float32", 4 + (4 * 5))]
    public void Inspect_Of1Point3B_EstimatesTheWidestMomentOfABlock(string dataType, double bytesPerTokenAndChannel)
    {
        WriteShards(WanTransformerConfig.T2V1Point3B, sparse: false);

        GenerationCost cost = ModelInspector.Inspect(_folder, dataType: dataType).Cost!;

        ((double)cost.BlockBytes).ShouldBe(1.4 * bytesPerTokenAndChannel * 1536 * 32_760, 1e6);
        cost.DecodeBytes.ShouldBeGreaterThan(cost.BlockBytes);
    }

    [Theory]
    [InlineData(830, 480, 81, "width")]
    [InlineData(832, 472, 81, "height")]
    [InlineData(832, 480, 80, "num_frames")]
    public void Inspect_ForASizeThatDoesNotFit_NamesTheField(int width, int height, int frames, string field)
    {
        WriteShards(WanTransformerConfig.T2V1Point3B, sparse: false);

        Should.Throw<InvalidInputException>(() => ModelInspector.Inspect(_folder, width, height, frames)).Violations[0].Field.ShouldBe(field);
    }

    // Headers as of the released shards. Sparse: the files have their full length, but no block on the disk holds data.
    private void WriteShards(WanTransformerConfig config, bool sparse)
    {
        (string Name, long[] Shape)[] layout = [.. ReleasedLayout.Of(config)];
        int each = (layout.Length + Shards - 1) / Shards;
        for (int shard = 0; shard < Shards; shard++)
        {
            WriteHeader($"diffusion_pytorch_model-0000{shard + 1}-of-0000{Shards}.safetensors", layout.Skip(shard * each).Take(each), sparse);
        }
    }

    private void WriteHeader(string file, IEnumerable<(string Name, long[] Shape)> tensors, bool sparse)
    {
        long offset = 0;
        Dictionary<string, object> header = [];
        foreach ((string name, long[] shape) in tensors)
        {
            long length = shape.Aggregate(2L, (bytes, size) => bytes * size);
            header[name] = new { dtype = "BF16", shape, data_offsets = new[] { offset, offset + length } };
            offset += length;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        using FileStream stream = File.Create(Path.Combine(_folder, file));
        stream.Write(BitConverter.GetBytes((long)json.Length));
        stream.Write(json);
        if (sparse)
        {
            stream.SetLength(stream.Length + offset);
        }
    }
}

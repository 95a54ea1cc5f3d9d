using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Tests.Goldens;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Autoencoders;

public sealed class WanAutoencoderTests
{
    private const double Tolerance = 1e-4;
    private static readonly GoldenTensors Cases = new("vae", "cases.safetensors");

    public static TheoryData<string, string> Conventions => new()
    {
        { "model.safetensors", "config.json" },
        { "model_diffusers.safetensors", "config_diffusers.json" },
    };

    [Fact]
    public void ToOriginal_DiffusersNamesOfWan22_AreTheReleasedNames()
    {
        Dictionary<string, string> names = JsonSerializer.Deserialize<Dictionary<string, string>>(
            File.ReadAllText(Fixtures.Path("goldens22", "ti2v", "vae", "name_map.json")))!;

        IReadOnlyDictionary<string, string> original = WanAutoencoderKeys.ToOriginal(names.Values);

        names.ShouldAllBe(pair => original[pair.Value] == pair.Key);
        names.Keys.ShouldAllBe(name => WanAutoencoderKeys.ToOriginal(names.Keys)[name] == name);
    }

    [Theory]
    [InlineData("dec_dim", "5", "dec_dim", "6", "decoder.conv1.weight")]
    [InlineData("patch_size", "2", "patch_size", "3", "patch_size is 3, allowed are 1 and 2")]
    [InlineData("patch_size", "2", "in_channels", "3", "in_channels is 3, but patch_size 2 makes 12")]
    [InlineData("patch_size", "2", "attn_scales", "[1.0]", "attn_scales does not belong to the stages of Wan 2.2")]
    public void FromJson_StatementOfWan22ThatTheWeightsContradict_IsRefusedByName(string field, string was, string other, string value, string message)
    {
        string config = File.ReadAllText(Fixtures.Path("goldens22", "ti2v", "vae", "config.json")).Replace("\"attn_scales\": [],", "", StringComparison.Ordinal);
        config.ShouldContain($"\"{field}\": {was}");
        JsonElement json = JsonSerializer.SerializeToElement(
            new Dictionary<string, JsonElement>(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(config)!) { [other] = JsonSerializer.Deserialize<JsonElement>(value) });

        Should.Throw<ModelFormatException>(() => ModelFolder.LoadAutoencoder(
            [Fixtures.Path("goldens22", "ti2v", "vae", "model.safetensors")], shapes => WanAutoencoderConfig.FromJson(json, "vae_config.json", shapes), CPU, ScalarType.Float32))
            .Message.ShouldContain(message);
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Encode_GoldenCases_EqualTheReferenceInsideAndOut(string weights, string config)
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        using WanAutoencoder autoencoder = Load(weights, config);
        foreach (string name in (string[])["encode_video9", "encode_frame1", "encode_video11"])
        {
            Tensor video = Cases[$"{name}.x"];
            Tensor features = autoencoder.EncodeFeatures(video, dropIncomplete: true);
            MaxDifference(features, Cases[$"{name}.encoder_out"]).ShouldBeLessThan(Tolerance);
            (Tensor mean, Tensor logVariance) = autoencoder.Moments(features);
            MaxDifference(mean, Cases[$"{name}.mu_raw"]).ShouldBeLessThan(Tolerance);
            MaxDifference(logVariance, Cases[$"{name}.logvar_raw"]).ShouldBeLessThan(Tolerance);
            MaxDifference(autoencoder.Encode(video, dropIncomplete: true), Cases[$"{name}.mu"]).ShouldBeLessThan(Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Decode_GoldenCases_EqualTheReference(string weights, string config)
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        using WanAutoencoder autoencoder = Load(weights, config);
        foreach (string name in (string[])["decode_z1", "decode_z3", "decode_z5"])
        {
            Tensor video = autoencoder.Decode(Cases[$"{name}.z"]);
            video.shape.ShouldBe(Cases[$"{name}.out"].shape);
            MaxDifference(video, Cases[$"{name}.out"]).ShouldBeLessThan(Tolerance);
        }
    }

    [Theory]
    [InlineData("decode_z1")]
    [InlineData("decode_z3")]
    public void DecodeChunks_GoldenCases_EqualTheReferenceInEveryLayer(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        using WanAutoencoder autoencoder = Load("model.safetensors", "config.json");
        HashSet<string> expected = [.. Cases.Names.Where(tensor => tensor.StartsWith($"{name}.dbg.", StringComparison.Ordinal))];
        MaxDifference(autoencoder.Unscale(Cases[$"{name}.z"]), Cases[$"{name}.dbg.conv2"]).ShouldBeLessThan(Tolerance);
        expected.Remove($"{name}.dbg.conv2");
        int chunk = 0;
        foreach (Tensor frames in autoencoder.DecodeChunks(Cases[$"{name}.z"], (layer, actual) =>
        {
            string tensor = $"{name}.dbg.chunk{chunk}.{layer}";
            if (expected.Remove(tensor))
            {
                MaxDifference(actual, Cases[tensor]).ShouldBeLessThan(Tolerance, tensor);
            }
        }))
        {
            frames.size(2).ShouldBe(chunk == 0 ? 1 : 4);
            chunk++;
        }

        expected.ShouldBeEmpty();
    }

    [Fact]
    public void Encode_ChunkedAndWholeClip_AreEqual()
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        using Generator generator = new(7, CPU);
        using WanAutoencoder autoencoder = Random(Odd, generator);
        Tensor video = rand([2, 3, 13, 16, 24], generator: generator) * 2 - 1;
        Tensor chunked = autoencoder.EncodeFeatures(video);
        chunked.shape.ShouldBe([2, 10, 4, 4, 6]);
        MaxDifference(chunked, autoencoder.EncodeFeatures(video, wholeClip: true)).ShouldBeLessThan(Tolerance);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void DecodeChunks_AnyChunkLength_GivesTheSameVideo(int framesPerChunk)
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        using Generator generator = new(8, CPU);
        using WanAutoencoder autoencoder = Random(Odd, generator);
        Tensor latents = randn([2, 5, 5, 3, 7], generator: generator);
        Tensor single = autoencoder.Decode(latents);
        single.shape.ShouldBe([2, 3, 17, 12, 28]);
        Tensor grouped = cat([.. autoencoder.DecodeChunks(latents, observe: null, framesPerChunk)], 2);
        MaxDifference(single, grouped).ShouldBeLessThan(Tolerance);
    }

    [Fact]
    public void DecodeTiled_OneTile_IsTheWholeDecode()
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        using WanAutoencoder autoencoder = Load("model.safetensors", "config.json");
        Tensor latents = Cases["decode_z3.z"];
        MaxDifference(autoencoder.DecodeTiled(latents), autoencoder.Decode(latents)).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void DecodeTiled_ManyTiles_IsNearTheWholeDecode()
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        using WanAutoencoder autoencoder = Load("model.safetensors", "config.json");
        using Generator generator = new(9, CPU);
        Tensor latents = randn([1, 4, 2, 20, 26], generator: generator);
        Tensor whole = autoencoder.Decode(latents);
        Tensor tiled = autoencoder.DecodeTiled(latents, new TilingOptions { TileHeight = 12, TileWidth = 16, StrideHeight = 6, StrideWidth = 8 });
        tiled.shape.ShouldBe(whole.shape);
        // Tiles see zeros beyond their edges, and so differ there. Small tiles of a random decoder are the worst case: measured 0.17.
        double error = ((tiled - whole).square().mean().sqrt() / whole.std()).item<float>();
        error.ShouldBeLessThan(0.25);
    }

    [Fact]
    public void EncodeAndDecode_Twice_LeaveNoTensorBehind()
    {
        using WanAutoencoder autoencoder = Load("model.safetensors", "config.json");
        using Tensor video = Cases["encode_video9.x"];
        Run();
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Run();
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);

        void Run()
        {
            using var inference = inference_mode();
            using Tensor latents = autoencoder.Encode(video);
            autoencoder.Decode(latents).Dispose();
            autoencoder.DecodeTiled(latents, new TilingOptions { TileHeight = 3, TileWidth = 3, StrideHeight = 2, StrideWidth = 2 }).Dispose();
            foreach (Tensor chunk in autoencoder.DecodeChunks(latents).Take(2))
            {
                chunk.Dispose();
            }
        }
    }

    [Fact]
    public void EncodeAndDecode_OutsideOfInferenceMode_GiveAGradientToEveryWeight()
    {
        using DisposeScope scope = NewDisposeScope();
        using WanAutoencoder autoencoder = Load("model.safetensors", "config.json");
        foreach (Tensor weight in autoencoder.Parameters.Values)
        {
            weight.requires_grad_();
        }

        Tensor latents = autoencoder.Encode(Cases["encode_video9.x"]);
        autoencoder.Decode(latents).square().sum().backward();
        foreach ((string name, Tensor weight) in autoencoder.Parameters)
        {
            weight.grad.ShouldNotBeNull(name);
            weight.grad.abs().sum().item<float>().ShouldBeGreaterThan(0, name);
        }
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Infer_GoldenWeights_GivesTheSizesOfTheirConfig(string weights, string config)
    {
        Dictionary<string, IReadOnlyList<long>> shapes = GoldenWeights.Shapes("vae", weights);
        // The statistics of 4 channels are nowhere in the weights.
        Should.Throw<ModelFormatException>(() => WanAutoencoderConfig.Infer(shapes, weights)).Message.ShouldContain("4 channels");
        ReadConfig("vae", config).TemporalFactor.ShouldBe(4);
    }

    [Fact]
    public void Infer_WeightsWithSixteenChannels_GivesTheirConfig()
    {
        Dictionary<string, IReadOnlyList<long>> shapes = GoldenWeights.Shapes("pipeline", "models", "Wan2.1_VAE.safetensors");
        WanAutoencoderConfig.Infer(shapes, "Wan2.1_VAE.safetensors").ShouldBe(ReadConfig("pipeline", "models", "vae_config.json"));
    }

    [Fact]
    public void Encode_BadSizes_SayWhatIsAllowed()
    {
        using DisposeScope scope = NewDisposeScope();
        using WanAutoencoder autoencoder = Load("model.safetensors", "config.json");
        Should.Throw<InvalidInputException>(() => autoencoder.Encode(Cases["encode_video11.x"])).Message.ShouldContain("num_frames: 11");
        Should.Throw<InvalidInputException>(() => autoencoder.Encode(zeros([1, 3, 1, 20, 16]))).Message.ShouldContain("multiples of 8");
        Should.Throw<InvalidInputException>(() => autoencoder.Encode(zeros(3, 1, 16, 16))).Message.ShouldContain("[B, 3, T, H, W]");
        Should.Throw<InvalidInputException>(() => autoencoder.Decode(zeros([1, 5, 1, 2, 2]))).Message.ShouldContain("[B, 4, T, H, W]");
        Should.Throw<InvalidInputException>(() => autoencoder.DecodeTiled(Cases["decode_z1.z"], new TilingOptions { StrideWidth = 60 }))
            .Message.ShouldContain("tile_width");
    }

    // Two temporal and one plain step, an odd number of channels, one block a stage: nothing like the fixture.
    private static WanAutoencoderConfig Odd { get; } = new()
    {
        Dim = 6,
        LatentChannels = 5,
        Multipliers = [1, 3, 2],
        NumResidualBlocks = 1,
        TemporalDownsample = [true, true],
        LatentMean = [0.1f, -0.2f, 0.3f, 0, 1],
        LatentStd = [1, 2, 0.5f, 1.5f, 1],
    };

    private static WanAutoencoder Load(string weights, string config) =>
        WanAutoencoder.Load(GoldenWeights.Open(WanAutoencoderKeys.ToOriginal, "vae", weights), ReadConfig("vae", config), CPU, ScalarType.Float32);

    private static WanAutoencoder Random(WanAutoencoderConfig config, Generator generator) =>
        WanAutoencoder.Load((_, shape) => randn(shape, generator: generator) * 0.1, config, CPU, ScalarType.Float32);

    private static WanAutoencoderConfig ReadConfig(params string[] path) =>
        WanAutoencoderConfig.FromJson(JsonDocument.Parse(File.ReadAllText(GoldenFolder.Path(path))).RootElement, path[^1]);

    private static double MaxDifference(Tensor actual, Tensor expected)
    {
        actual.shape.ShouldBe(expected.shape);
        return (actual - expected).abs().max().item<float>();
    }
}

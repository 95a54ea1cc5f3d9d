using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Models;
using MedGen.Runtime.Execution;
using MedGen.Runtime.Models;
using MedGen.Torch.Safetensors;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace MedGen.Runtime.Tests.Adapters;

/// <summary>Adapters from a folder, over the one resident model.</summary>
public sealed class AdapterTests : IAsyncDisposable
{
    private static readonly VideoGenerationRequest Small = new() { Prompt = "a lung", Width = 16, Height = 16, NumFrames = 1, NumInferenceSteps = 2, Seed = 3, GuidanceScale = 1 };
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-adapters-").FullName;
    private readonly DeviceExecutor _executor;
    private readonly ResidentModel _model;

    public AdapterTests()
    {
        IOptions<MedGenRuntimeOptions> options = Options.Create(new MedGenRuntimeOptions
        {
            ModelPath = Fixtures.TinyModel, DataType = "float32", AdapterFolders = { new AdapterFolder(_folder), new AdapterFolder(Path.Combine(_folder, "of-radiology"), "radiology") }, AdapterBytes = 1 << 20,
        });
        _executor = new DeviceExecutor(options, TimeProvider.System, NullLogger<DeviceExecutor>.Instance);
        _model = new ResidentModel(_executor, options, TimeProvider.System, NullLogger<ResidentModel>.Instance);
    }

    private static CancellationToken Timeout => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        _executor.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task GenerateAsync_WithAnAdapter_ChangesThisClipAndNoOther()
    {
        await WriteAsync("a.safetensors", fill: 0.5f);
        await WriteAsync(Path.Combine("b", "weights.safetensors"), fill: -0.5f);
        byte[] plain = await PixelsAsync(Small);

        byte[][] all = await Task.WhenAll(
            PixelsAsync(Small with { Wan = new() { Adapter = "a" } }), PixelsAsync(Small), PixelsAsync(Small with { Wan = new() { Adapter = "b" } }), PixelsAsync(Small with { Wan = new() { Adapter = "a", AdapterScale = 0 } }));

        all[0].ShouldNotBe(plain);
        all[2].ShouldNotBe(plain);
        all[2].ShouldNotBe(all[0]);
        Difference(all[1], plain).ShouldBeLessThanOrEqualTo(1);
        Difference(all[3], plain).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task List_OfATenant_HasItsOwnAndEverybodysAndNoFileThatIsNoAdapter()
    {
        await WriteAsync("b.safetensors", fill: 0.5f);
        await WriteAsync(Path.Combine("a", "weights.safetensors"), fill: 0.5f);
        await WriteAsync(Path.Combine("two", "one.safetensors"), fill: 0.5f);
        await WriteAsync(Path.Combine("two", "other.safetensors"), fill: 0.5f); // which of them is meant, nothing says
        await WriteAsync("no name.safetensors", fill: 0.5f);
        await WriteAsync(Path.Combine("of-radiology", "b.safetensors"), fill: 0.25f);
        await WriteAsync(Path.Combine("of-radiology", "own.safetensors"), fill: 0.25f);

        _model.List(null).ShouldBe(["a", "b"]);
        _model.List("cardiology").ShouldBe(["a", "b"]);
        _model.List("radiology").ShouldBe(["a", "b", "own"]);
    }

    [Fact]
    public async Task DescribeAdapterAsync_SaysWhatAnAdapterWasTrainedOnWhereAListIsItsOwn()
    {
        string list = TrainingData.Of([(new string('1', 64), "patient 1")]).ToJson();
        await WriteAsync("beside.safetensors", fill: 0.5f);
        await File.WriteAllTextAsync(Path.Combine(_folder, "beside.training-data.json"), list, Timeout);
        await WriteAsync(Path.Combine("alone", "weights.safetensors"), fill: 0.5f);
        await File.WriteAllTextAsync(Path.Combine(_folder, "alone", "training-data.json"), list, Timeout);
        await WriteAsync("among-others.safetensors", fill: 0.5f);
        await File.WriteAllTextAsync(Path.Combine(_folder, "training-data.json"), list, Timeout);
        await WriteAsync("broken.safetensors", fill: 0.5f);
        await File.WriteAllTextAsync(Path.Combine(_folder, "broken.training-data.json"), "{}", Timeout);

        async Task<TrainingData?> Of(string name) => (await _model.DescribeAdapterAsync(name, Timeout)).TrainingData;

        (await Of("beside"))!.HasSeen("", "patient 1").ShouldBeTrue();
        (await Of("alone"))!.HasSeen("", "patient 1").ShouldBeTrue();
        (await Of("among-others")).ShouldBeNull();
        (await Should.ThrowAsync<InvalidInputException>(() => Of("broken"))).Message.ShouldContain("broken.training-data.json");
    }

    [Fact]
    public async Task ValidateAsync_OfWhatTheModelCannotDo_NamesTheFields()
    {
        await WriteAsync("a.safetensors", fill: 0.5f);
        Task Validate(VideoGenerationRequest request) => _model.ValidateAsync(request, Timeout);

        await Validate(Small with { Wan = new() { Adapter = "a" } });
        (await Should.ThrowAsync<InvalidInputException>(() => Validate(Small with { Width = 20, NumFrames = 4 })))
            .Violations.Select(violation => violation.Field).ShouldBe(["width", "num_frames"]);
        (await Should.ThrowAsync<InvalidInputException>(
            () => Validate(Small with { Wan = new() { Adapters = [new AdapterUse { Name = "a", Expert = AdapterExpert.LowNoise }] } })))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("wan.adapters[0].expert");
    }

    [Fact]
    public async Task GenerateAsync_WithSeveralAdapters_AddsThemUpAndMixesNoSets()
    {
        await WriteAsync("a.safetensors", fill: 0.5f);
        await WriteAsync("b.safetensors", fill: 0.25f);
        VideoGenerationRequest With(params AdapterUse[] adapters) => Small with { Wan = new() { Adapters = adapters } };
        VideoGenerationRequest[] requests =
        [
            With(new AdapterUse { Name = "a" }, new AdapterUse { Name = "b", Strength = -2 }), // nothing is left
            With(new AdapterUse { Name = "a", Strength = -4 }),
            With(new AdapterUse { Name = "a", Strength = -2 }, new AdapterUse { Name = "b", Strength = -4 }), // as the one before
            With(new AdapterUse { Name = "a" }, new AdapterUse { Name = "b" }),
            Small,
        ];

        byte[][] all = await Task.WhenAll(requests.Select(PixelsAsync));

        Difference(all[0], all[4]).ShouldBeLessThanOrEqualTo(1);
        Difference(all[1], all[2]).ShouldBeLessThanOrEqualTo(1);
        Difference(all[1], all[4]).ShouldBeGreaterThan(1);
        Difference(all[3], all[4]).ShouldBeGreaterThan(1);
        foreach ((VideoGenerationRequest request, byte[] together) in requests.Zip(all))
        {
            Difference(await PixelsAsync(request with { Deterministic = true }), together).ShouldBeLessThanOrEqualTo(1);
        }
    }

    [Fact]
    public async Task GenerateAsync_WithAnAdapterThatIsNotThere_GivesTheOthersBack()
    {
        await WriteAsync("a.safetensors", fill: 1, rank: ((1 << 19) / 4 / 2 / await DimAsync()) + 1);
        VideoGenerationRequest request = Small with { Wan = new() { Adapters = [new() { Name = "a" }, new() { Name = "absent" }] } };

        (await Should.ThrowAsync<ResourceNotFoundException>(PixelsAsync(request))).ResourceId.ShouldBe("absent");

        await WriteAsync("b.safetensors", fill: 1, rank: ((1 << 19) / 4 / 2 / await DimAsync()) + 1); // takes the room of the first one
        (await _model.DescribeAdapterAsync("b", Timeout)).Name.ShouldBe("b");
    }

    [Fact]
    public async Task DescribeAdapterAsync_WithAFileOfItsNameBeside_TellsWhatItWasMadeFor()
    {
        await WriteAsync("a.safetensors", fill: 1);
        (await DefaultsAsync("""{ "class": "cholecystitis" }""")).ShouldBeNull(); // somebody else's file
        (await DefaultsAsync("""{ "defaults": { "num_inference_steps": 4, "guidance_scale": 1, "shift": 5, "scheduler": "lightx2v" } }""")).ShouldBe(
            new AdapterDefaults { NumInferenceSteps = 4, GuidanceScale = 1, Shift = 5, Scheduler = GenerationScheduler.LightX2V });

        async Task<AdapterDefaults?> DefaultsAsync(string json)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "a.json"), json, Timeout);
            return (await _model.DescribeAdapterAsync("a", Timeout)).Defaults;
        }
    }

    [Theory]
    [InlineData("""{ "defaults": { "steps": 4 } }""", "steps")]
    [InlineData("""{ "defaults": { "num_inference_steps": 0 } }""", "defaults.num_inference_steps got 0")]
    [InlineData("""{ "defaults": { "scheduler": "fast" } }""", "unipc, dpmpp, euler")]
    [InlineData("""{ "num_inference_steps": 4 }""", "'num_inference_steps' belongs into 'defaults'")]
    [InlineData("""[4]""", "no object")]
    [InlineData("""{ "defaults": """, "a.json")]
    public async Task DescribeAdapterAsync_WithAFileThatCannotBeUsed_SaysWhy(string json, string expected)
    {
        await WriteAsync("a.safetensors", fill: 1);
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.json"), json, Timeout);

        (await Should.ThrowAsync<InvalidInputException>(_model.DescribeAdapterAsync("a", Timeout))).Message.ShouldContain(expected);
    }

    [Fact]
    public async Task DescribeAdapterAsync_OfATenant_LooksAmongItsOwnFirstAndThenAmongEverybodys()
    {
        await WriteAsync("a.safetensors", fill: 1);
        await WriteAsync("b.safetensors", fill: 2);
        await WriteAsync(Path.Combine("of-radiology", "a.safetensors"), fill: 3);
        await WriteAsync(Path.Combine("of-radiology", "c.safetensors"), fill: 4);

        AdapterDescription everybodys = await _model.DescribeAdapterAsync("a", Timeout);
        AdapterDescription own = await _model.DescribeAdapterAsync("radiology/a", Timeout);

        own.Name.ShouldBe("radiology/a");
        own.Sha256.ShouldNotBe(everybodys.Sha256);
        (await _model.DescribeAdapterAsync("radiology/b", Timeout)).ShouldBe(await _model.DescribeAdapterAsync("b", Timeout));
        (await Should.ThrowAsync<ResourceNotFoundException>(() => _model.DescribeAdapterAsync("c", Timeout))).Message.ShouldContain("'c'");
        await Should.ThrowAsync<InvalidInputException>(() => _model.DescribeAdapterAsync("cardiology/a", Timeout));
    }

    [Fact]
    public async Task DescribeAdapterAsync_OfAFileThatChanges_LoadsItAnew()
    {
        await WriteAsync("a.safetensors", fill: 1);
        AdapterDescription before = await _model.DescribeAdapterAsync("a", Timeout);
        await WriteAsync("a.safetensors", fill: 2);

        AdapterDescription after = await _model.DescribeAdapterAsync("a", Timeout);

        after.Sha256.ShouldNotBe(before.Sha256);
        (after.Name, after.Modules, after.Bytes).ShouldBe(("a", 1, before.Bytes));
    }

    [Fact]
    public async Task DescribeAdapterAsync_ManyTimesOver_StaysWithinItsMemory()
    {
        await _model.LoadAsync(Timeout);
        long[] live = new long[20];
        for (int i = 0; i < live.Length; i++)
        {
            // Half of what there is room for, each: the oldest gives way.
            await WriteAsync($"adapter{i}.safetensors", fill: i, rank: (1 << 19) / 4 / 2 / await DimAsync() - 1);
            await _model.DescribeAdapterAsync($"adapter{i}", Timeout);
            live[i] = await _executor.RunAsync(_ => DisposeScopeManager.Statistics.ThreadTotalLiveCount, ServicePriority.Normal, Timeout);
        }

        live[2..].Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task DescribeAdapterAsync_OfOneThatCannotBeUsed_SaysWhy()
    {
        await WriteAsync("other.safetensors", fill: 1, module: "blocks.77.self_attn.q");
        await WriteAsync("wide.safetensors", fill: 1, columns: 7);
        await WriteAsync("large.safetensors", fill: 1, rank: 1 << 14);
        await File.WriteAllTextAsync(Path.Combine(_folder, "broken.safetensors"), "no weights", Timeout);

        (await Should.ThrowAsync<ResourceNotFoundException>(_model.DescribeAdapterAsync("unknown", Timeout))).ResourceId.ShouldBe("unknown");
        (await Should.ThrowAsync<InvalidInputException>(_model.DescribeAdapterAsync("other", Timeout))).Message.ShouldContain("blocks.77.self_attn.q");
        (await Should.ThrowAsync<InvalidInputException>(_model.DescribeAdapterAsync("wide", Timeout))).Message.ShouldContain("blocks.0.self_attn.o");
        await Should.ThrowAsync<InvalidInputException>(_model.DescribeAdapterAsync("broken", Timeout));
        ResourceExhaustedException large = await Should.ThrowAsync<ResourceExhaustedException>(_model.DescribeAdapterAsync("large", Timeout));
        (large.Reason, large.RetryAfter).ShouldBe(("ADAPTER_TOO_LARGE", null));
        large.Message.ShouldContain($"{1 << 20}");
        foreach (string name in new[] { "../a", "", ".a", "a/b", new string('a', 201) })
        {
            await Should.ThrowAsync<InvalidInputException>(_model.DescribeAdapterAsync(name, Timeout));
        }
    }

    private static int Difference(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private async Task<int> DimAsync() => (await _model.ExtractFeaturesAsync([VideoFrame.Wrap(new byte[16 * 16 * 3], 16, 16)], "block.0", 0, Timeout)).Shape[1];

    private async Task WriteAsync(string file, float fill, int rank = 2, string module = "blocks.0.self_attn.o", int? columns = null)
    {
        int dim = await DimAsync();
        string path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await _executor.RunAsync(
            _ =>
            {
                SafetensorsWriter.Write(path, new Dictionary<string, torch.Tensor>
                {
                    [$"{module}.lora_A.weight"] = torch.full([rank, columns ?? dim], fill),
                    [$"{module}.lora_B.weight"] = torch.arange(dim * rank).view(dim, rank).to_type(torch.ScalarType.Float32).sin(),
                });
                return true;
            },
            ServicePriority.Normal,
            Timeout);
    }

    private async Task<byte[]> PixelsAsync(VideoGenerationRequest request)
    {
        List<byte> pixels = [];
        await foreach (GenerationUpdate update in _model.GenerateAsync(request, Timeout))
        {
            foreach (VideoFrame frame in (update as GeneratedFrames)?.Frames ?? [])
            {
                pixels.AddRange(frame.Pixels.Span);
                frame.Dispose();
            }
        }

        return [.. pixels];
    }
}

using System.Text;
using MedGen.Application.Plugins;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Serving;

namespace MedGen.PluginHost.Tests;

/// <summary>Generators, augmenters and makers of files in a process of their own.</summary>
public sealed class IsolatedMakingTests : IAsyncDisposable
{
    private readonly PluginHostFixture _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Generate_InAProcessOfItsOwn_SaysWhatItSaysInTheHosts()
    {
        await StartAsync();
        using PluginLease<IVideoGenerator> lease = await _host.AcquireAsync<IVideoGenerator>(CapabilityKinds.Generation);
        using VideoFrame first = VideoFrame.Wrap([.. Enumerable.Repeat((byte)9, 48 * 32 * 3)], 48, 32);
        VideoGenerationRequest request = Asked("none") with
        {
            FirstFrame = first,
            Service = new ServiceTerms { Checkpoint = new GenerationCheckpoint { Step = 1, Content = "kept"u8.ToArray() } },
        };

        GenerationUpdate[] said = [.. await lease.Service.GenerateAsync(request, Token).ToListAsync(Token)];

        lease.Service.Describe().Model.ShouldBe("grey");
        await lease.Service.ValidateAsync(request, Token);
        (await Should.ThrowAsync<InvalidInputException>(() => lease.Service.ValidateAsync(Asked("a lung"), Token)))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("prompt");
        said[0].ShouldBe(new GenerationProgress { Stage = GenerationStage.Denoising, Completed = 1, Total = 2, TimeLeft = TimeSpan.FromSeconds(3) });
        said[1].ShouldBeOfType<GenerationWarning>().UnknownWords.ShouldBe(["none"]);
        said[2].ShouldBeOfType<GenerationCheckpoint>().Content.ToArray().ShouldBe("kept"u8.ToArray());
        said[3].ShouldBeOfType<GenerationPreview>().Frame.Pixels.Span[5].ShouldBe((byte)7);
        VideoFrame[] frames = [.. said.OfType<GeneratedFrames>().SelectMany(made => made.Frames)];
        frames.Select(frame => frame.Pixels.Span[0]).ShouldBe([9, 1, 2, 3, 4]);
        frames.ShouldAllBe(frame => frame.Width == 48 && frame.Height == 32 && frame.Pixels.Length == 48 * 32 * 3);
    }

    [Fact]
    public async Task Generate_WithTheSharedModel_GoesThroughTheHost()
    {
        _host.Model = new EchoingModel();
        await StartAsync();
        using PluginLease<IVideoGenerator> lease = await _host.AcquireAsync<IVideoGenerator>(CapabilityKinds.Generation);
        VideoFrame[] source = [.. Enumerable.Range(40, 5).Select(i => VideoFrame.Wrap([.. Enumerable.Repeat((byte)i, 48 * 32 * 3)], 48, 32))];

        GenerationUpdate[] said =
            [.. await lease.Service.GenerateAsync(Asked("UseModel") with { SourceFrames = source, Strength = 0.5 }, Token).ToListAsync(Token)];

        said.OfType<GenerationWarning>().ShouldHaveSingleItem().Message.ShouldBe("UseModel 0.5");
        said.OfType<GeneratedFrames>().SelectMany(made => made.Frames).Select(frame => frame.Pixels.Span[100]).ShouldBe([40, 41, 42, 43, 44]);
        (await Should.ThrowAsync<MedGenException>(
            () => lease.Service.GenerateAsync(Asked("UseModel"), Token).ToListAsync(Token).AsTask())).Reason.ShouldBe("NO_SOURCE");
    }

    [Theory]
    [InlineData("TooMany")]
    [InlineData("TooLarge")]
    public async Task Generate_OfMoreThanWasAskedFor_EndsTheProcess(string how)
    {
        await StartAsync();
        using PluginLease<IVideoGenerator> lease = await _host.AcquireAsync<IVideoGenerator>(CapabilityKinds.Generation);

        (await Should.ThrowAsync<MedGenException>(() => GenerateAsync(lease, how))).Reason.ShouldBe("PLUGIN_CRASHED");
        (await GenerateAsync(lease, "none")).ShouldBe(5);
    }

    [Theory]
    [InlineData("crash")]
    [LongInlineData("exit")]
    [LongInlineData("StackOverflow")]
    public async Task Calls_ThatEndTheirProcess_FailByNameAndTheNextIsServed(string how)
    {
        await StartAsync();
        using PluginLease<IVideoGenerator> generator = await _host.AcquireAsync<IVideoGenerator>(CapabilityKinds.Generation);
        using PluginLease<IDatasetAugmenter> augmenter = await _host.AcquireAsync<IDatasetAugmenter>(CapabilityKinds.Augmentation);

        (await Should.ThrowAsync<MedGenException>(() => GenerateAsync(generator, how))).Reason.ShouldBe("PLUGIN_CRASHED");
        (await GenerateAsync(generator, "none")).ShouldBe(5);
        (await Should.ThrowAsync<MedGenException>(() => AugmentAsync(augmenter, how))).Reason.ShouldBe("PLUGIN_CRASHED");
        (await AugmentAsync(augmenter, "none")).ShouldBe([248, 248, 248]);
    }

    [Theory]
    [InlineData("hang")]
    [LongInlineData("loop")]
    public async Task Calls_ThatIgnoreTheirToken_EndWithTheirProcess(string how)
    {
        await StartAsync();
        using PluginLease<IVideoGenerator> generator = await _host.AcquireAsync<IVideoGenerator>(CapabilityKinds.Generation);
        using PluginLease<IDatasetAugmenter> augmenter = await _host.AcquireAsync<IDatasetAugmenter>(CapabilityKinds.Augmentation);

        await Should.ThrowAsync<OperationCanceledException>(() => StoppedAsync(token => generator.Service.GenerateAsync(Asked(how), token)));
        (await GenerateAsync(generator, "none")).ShouldBe(5);
        await Should.ThrowAsync<OperationCanceledException>(() => StoppedAsync(token => augmenter.Service.AugmentAsync(Wanted(how), token)));
        (await AugmentAsync(augmenter, "none")).ShouldBe([248, 248, 248]);
    }

    [Fact, Long]
    public async Task Calls_ThatTakeMoreMemoryThanTheyMay_FailAndTheNextIsServed()
    {
        await StartAsync(options => options.WorkerAddressSpaceBytes = 4L << 30);
        using PluginLease<IVideoGenerator> generator = await _host.AcquireAsync<IVideoGenerator>(CapabilityKinds.Generation);
        using PluginLease<IDatasetAugmenter> augmenter = await _host.AcquireAsync<IDatasetAugmenter>(CapabilityKinds.Augmentation);

        await Should.ThrowAsync<Exception>(() => GenerateAsync(generator, "memory"));
        (await GenerateAsync(generator, "none")).ShouldBe(5);
        await Should.ThrowAsync<Exception>(() => AugmentAsync(augmenter, "memory"));
        (await AugmentAsync(augmenter, "none")).ShouldBe([248, 248, 248]);
    }

    [Fact]
    public async Task Augment_InAProcessOfItsOwn_SaysWhatItSaysInTheHosts()
    {
        await StartAsync();
        using PluginLease<IDatasetAugmenter> lease = await _host.AcquireAsync<IDatasetAugmenter>(CapabilityKinds.Augmentation);
        AugmentationRequest wanted = Wanted("flood") with { Partner = Wanted("none").Source };

        lease.Service.Describe().Methods.ShouldHaveSingleItem().Name.ShouldBe("invert");
        await lease.Service.ValidateAsync(wanted.Method, Token);
        (await Should.ThrowAsync<InvalidInputException>(() => lease.Service.ValidateAsync(Wanted("well").Method, Token)))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("how");
        (await lease.Service.GetAdapterAsync(wanted.Method, Token)).ShouldBe(
            new TrainedAdapter { Scope = AdapterScope.Class, Steps = 3, Rank = 2, LearningRate = 1e-3, BatchSize = 4 });
        (await lease.Service.GetAdapterAsync(Wanted("none").Method, Token)).ShouldBeNull();
        CaptionRequest captions = new() { Method = wanted.Method, Label = "healthy", Clip = wanted.Source };
        (await lease.Service.GetCaptionsAsync(captions, Token)).ShouldBe(["healthy a/1.mp4 left 3"]);
        AugmentationUpdate[] said = [.. await lease.Service.AugmentAsync(wanted, Token).ToListAsync(Token)];
        said[0].ShouldBe(new AugmentationProgress { Completed = 1, Total = 2 });
        AugmentedClipDescription made = said[1].ShouldBeOfType<AugmentedClipDescription>();
        (made.Parameters["seed"], made.UsesPartner, made.UsesSource).ShouldBe(("11", true, true));
        said.OfType<AugmentedFrames>().Select(frames => frames.Frames[0].Pixels.Span[0]).ShouldBe([248, 248, 248]);
        (await Should.ThrowAsync<MedGenException>(() => AugmentAsync(lease, "TooMany"))).Reason.ShouldBe("PLUGIN_CRASHED");
    }

    [Theory]
    [InlineData("invalid")]
    [LongInlineData("refuse")]
    [LongInlineData("throw")]
    public async Task Questions_ThatAreNeverAnswered_EndWithTheirProcess(string how)
    {
        await StartAsync();
        using PluginLease<IDatasetAugmenter> lease = await _host.AcquireAsync<IDatasetAugmenter>(CapabilityKinds.Augmentation);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(200));
        AugmentationRequest wanted = Wanted(how);

        await Should.ThrowAsync<OperationCanceledException>(() => how switch
        {
            "invalid" => lease.Service.ValidateAsync(wanted.Method, stop.Token),
            "refuse" => lease.Service.GetAdapterAsync(wanted.Method, stop.Token),
            _ => lease.Service.GetCaptionsAsync(new CaptionRequest { Method = wanted.Method, Label = "healthy", Clip = wanted.Source }, stop.Token),
        });
        (await AugmentAsync(lease, "none")).ShouldBe([248, 248, 248]);
    }

    [Fact]
    public async Task Analyze_ThatMakesFiles_HandsThemOver()
    {
        await StartAsync();
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync<IVideoAnalyzer>(CapabilityKinds.Analysis, "test-file");
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = new TestPlugins.NoFrames() }] };

        List<AnalysisUpdate> said = await lease.Service.AnalyzeAsync(request, Token).ToListAsync(Token);

        said.OfType<FinalFindings>().Single().Findings.Cast<ArtifactFinding>()
            .Select(file => (file.FileName, Encoding.UTF8.GetString(file.Content.Span))).ShouldBe([("a.txt", "first"), ("b.txt", "the second")]);
    }

    [Fact]
    public async Task Analyze_OfValuesWithAUnit_GetsThemAsTheyAre()
    {
        await StartAsync();
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync<IVideoAnalyzer>(CapabilityKinds.Analysis, "test-file");
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = new Densities() }] };

        List<AnalysisUpdate> said = await lease.Service.AnalyzeAsync(request, Token).ToListAsync(Token);

        ArtifactFinding file = said.OfType<FinalFindings>().Last().Findings.ShouldHaveSingleItem().ShouldBeOfType<ArtifactFinding>();
        Encoding.UTF8.GetString(file.Content.Span).ShouldBe("Gray16 40000: 976 [hnsf'U], 0.5 mm, CT");
    }

    private Task<PluginHostFixture> StartAsync(Action<PluginHostOptions>? more = null) =>
        _host.Install("test.misbehaving-maker", "1.0.0").StartAsync(options =>
        {
            options.Isolation = IsolationPolicy.Foreign;
            options.WorkerGrace = TimeSpan.FromSeconds(1);
            options.WorkerCommand = TestPlugins.WorkerCommand;
            more?.Invoke(options);
        });

    private static VideoGenerationRequest Asked(string how) => new() { Prompt = how, Seed = 1, Width = 48, Height = 32, NumFrames = 5 };

    private static AugmentationRequest Wanted(string how) => new()
    {
        Method = new AugmentationMethod { Name = "invert", Options = $$"""{ "how": "{{how}}" }""" },
        Label = "healthy",
        Source = new SourceClip
        {
            Id = "a/1.mp4", Label = "healthy", Metadata = new Dictionary<string, string> { ["site"] = "left" }, Clip = new Sevens(3),
        },
        Seed = 11,
        Shape = new ClipShape { Width = 32, Height = 32, NumFrames = 3 },
    };

    private static async Task<int> GenerateAsync(PluginLease<IVideoGenerator> lease, string how) =>
        await lease.Service.GenerateAsync(Asked(how), Token).OfType<GeneratedFrames>().Select(made => made.Frames.Count).SumAsync(Token);

    private static async Task<byte[]> AugmentAsync(PluginLease<IDatasetAugmenter> lease, string how) =>
        await lease.Service.AugmentAsync(Wanted(how), Token).OfType<AugmentedFrames>().Select(made => made.Frames[0].Pixels.Span[0]).ToArrayAsync(Token);

    // Told to end at the first that it says.
    private static async Task StoppedAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> call)
    {
        using CancellationTokenSource stop = new();
        await foreach (T _ in call(stop.Token))
        {
            await stop.CancelAsync();
        }
    }

    private sealed class Sevens(int count) : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = 32, Height = 32, FrameCount = count };

        public bool IsLive => false;

        public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken) =>
            Enumerable.Range(0, count).ToAsyncEnumerable().Select(i => VideoFrame.Wrap([.. Enumerable.Repeat((byte)7, 32 * 32 * 3)], 32, 32, i));
    }

    private sealed class Densities : IVideoClip
    {
        public VideoInfo Info { get; } = new()
        {
            Width = 2,
            Height = 1,
            FrameCount = 1,
            Format = FrameFormat.Gray16,
            Formats = [FrameFormat.Rgb24, FrameFormat.Gray16],
            Values = new ValueScale { Slope = 0.05, Intercept = -1024, Unit = "[hnsf'U]", Minimum = -1024, Maximum = 2252.75 },
            Spacing = new PixelSpacing { X = 0.5, Y = 0.75 },
            Acquisition = new Acquisition { Modality = "CT" },
        };

        public bool IsLive => false;

        public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken)
        {
            byte[] pixels = new byte[4];
            BitConverter.TryWriteBytes(pixels.AsSpan(2), (ushort)40000);
            return AsyncEnumerable.Repeat(VideoFrame.WrapIn(pixels, FrameFormat.Gray16, 2, 1, 0, TimeSpan.Zero), 1);
        }
    }

    private sealed class EchoingModel : IMedGenModel
    {
        public ModelDescription Description { get; } = new()
        {
            Name = "echo", Variant = "custom", Hash = "0", Device = "cpu", DataType = "float32", Parameters = 1, MaxTextTokens = 1, IsTrained = true,
        };

        public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
            VideoGenerationRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await System.Threading.Tasks.Task.Yield();
            yield return new GenerationWarning { Message = FormattableString.Invariant($"{request.Prompt} {request.Strength}") };
            yield return new GeneratedFrames
            {
                Frames = request.SourceFrames ?? throw new FailedPreconditionException("NO_SOURCE", "There is no source."),
            };
        }
    }
}

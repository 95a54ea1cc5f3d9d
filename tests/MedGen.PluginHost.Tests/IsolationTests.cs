using MedGen.Application.Plugins;
using MedGen.Sandbox;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Tests;

/// <summary>A plugin in a process of its own, and what it cannot do to the host from there.</summary>
public sealed class IsolationTests : IAsyncDisposable
{
    private const string Task = "test-misbehaving";
    private readonly PluginHostFixture _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Analyze_InAProcessOfItsOwn_AnswersAsInTheHosts()
    {
        await StartAsync();
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);

        lease.Service.Describe().Outputs.ShouldHaveSingleItem().Name.ShouldBe("word");
        await lease.Service.ValidateAsync(new AnalysisRequest(), Token);
        (await AnalyzeAsync(lease.Service, "none", new GreyFrames(20))).ShouldBe($"9 frames, {(9 * 7) + 36}");
        (await AnalyzeAsync(lease.Service, "none", new TestPlugins.NoFrames())).ShouldBe("well");
    }

    [Fact]
    public async Task Analyze_OfALiveClip_ReadsAFrameAfterTheFindingsOfTheOneBefore()
    {
        await _host.StartAsync(options =>
        {
            Isolate(options);
            options.Roots.Add(RepositoryRoot.Path("artifacts", "sample-plugins"));
        });
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync("brightness");
        GreyFrames clip = new(5, isLive: true);
        int answered = 0;

        await foreach (AnalysisUpdate update in lease.Service.AnalyzeAsync(new AnalysisRequest { Inputs = [new InputClip { Role = "clip", Clip = clip }] }, Token))
        {
            if (update is InterimFindings)
            {
                clip.FramesRead.ShouldBe(++answered);
            }
        }

        answered.ShouldBe(5);
    }

    [Fact]
    public async Task Errors_OfAPluginInAProcessOfItsOwn_KeepTheirKind()
    {
        await StartAsync();
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);

        (await Should.ThrowAsync<InvalidInputException>(() => lease.Service.ValidateAsync(Asked("invalid"), Token)))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("parameters.how");
        (await Should.ThrowAsync<InvalidInputException>(() => AnalyzeAsync(lease.Service, "refuse"))).Violations.ShouldHaveSingleItem().Field.ShouldBe("parameters.how");
        (await Should.ThrowAsync<Exception>(() => AnalyzeAsync(lease.Service, "throw"))).ShouldNotBeAssignableTo<MedGenException>();
        (await Should.ThrowAsync<MediaException>(() => AnalyzeAsync(lease.Service, "none", new BrokenFrames()))).FileName.ShouldBe("film.mp4");
        (await AnalyzeAsync(lease.Service, "none")).ShouldBe("well");
    }

    [Theory]
    [InlineData("crash")]
    [LongInlineData("exit")]
    [LongInlineData("stack_overflow")]
    public async Task Analyze_ThatEndsItsProcess_FailsByNameAndTheNextIsServed(string how)
    {
        await StartAsync();
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);

        MedGenException error = await Should.ThrowAsync<MedGenException>(() => AnalyzeAsync(lease.Service, how));

        (error.Reason, error.Code).ShouldBe(("PLUGIN_CRASHED", ErrorCode.Internal));
        error.Message.ShouldContain("'test.misbehaving' 1.0.0");
        (await AnalyzeAsync(lease.Service, "none")).ShouldBe("well");
    }

    [Fact, Long]
    public async Task Analyze_ThatTakesMoreMemoryThanItMay_FailsAndTheNextIsServed()
    {
        await StartAsync(options => options.WorkerAddressSpaceBytes = 4L << 30);
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);

        await Should.ThrowAsync<Exception>(() => AnalyzeAsync(lease.Service, "memory"));

        (await AnalyzeAsync(lease.Service, "none")).ShouldBe("well");
    }

    [Fact, Long]
    public async Task Analyze_ThatTakesMoreMemoryThanItsGroupMay_IsEndedAndSaysSo()
    {
        Assert.SkipWhen(ControlGroup.WhyNot is not null, $"No control group can be made here: {ControlGroup.WhyNot}.");
        await StartAsync(options => options.WorkerMemoryMiB = 300);
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);

        MedGenException error = await Should.ThrowAsync<MedGenException>(() => AnalyzeAsync(lease.Service, "memory"));

        error.Message.ShouldContain("it took more memory than it may");
        (await AnalyzeAsync(lease.Service, "none")).ShouldBe("well");
    }

    [Theory]
    [InlineData("hang")]
    [LongInlineData("loop")]
    public async Task Analyze_ThatIgnoresItsToken_EndsWithItsProcess(string how)
    {
        await StartAsync();
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);
        using CancellationTokenSource stop = new();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (AnalysisUpdate update in lease.Service.AnalyzeAsync(Asked(how), stop.Token))
            {
                await stop.CancelAsync();
            }
        });

        (await AnalyzeAsync(lease.Service, "none")).ShouldBe("well");
    }

    [Fact]
    public async Task Print_OfALotOfLines_DisturbsNothing()
    {
        await StartAsync();
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);

        (await AnalyzeAsync(lease.Service, "flood")).ShouldBe("well");
    }

    [Theory]
    [InlineData("processes")]
    [InlineData("network")]
    [InlineData("files")]
    public async Task Reach_OutOfItsCage_IsNotPossible(string how)
    {
        Assert.SkipUnless(
            ProcessSandbox.For(SandboxMode.Auto).Report.Kind == SandboxKind.Bubblewrap, "There is no bubblewrap here: limits on resources only.");
        await StartAsync();
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);

        (await AnalyzeAsync(lease.Service, how)).ShouldStartWith("not done: ");
    }

    [Fact, Long]
    public async Task Crashes_InARow_AreFollowedByAPauseAndAQuarantine()
    {
        StandingClock clock = new();
        _host.Time = clock;
        await StartAsync();
        for (int i = 0; i < 2; i++)
        {
            using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);
            await lease.Service.ValidateAsync(new AnalysisRequest(), Token); // as the host does before each job
            await Should.ThrowAsync<MedGenException>(() => AnalyzeAsync(lease.Service, "exit"));
        }

        using (PluginLease<IVideoAnalyzer> early = await _host.AcquireAsync(Task))
        {
            UnavailableException pause = await Should.ThrowAsync<UnavailableException>(() => AnalyzeAsync(early.Service, "none"));
            pause.Reason.ShouldBe("PLUGIN_RESTARTS");
            pause.RetryAfter.ShouldNotBeNull().ShouldBe(TimeSpan.FromSeconds(1));
        }

        clock.Now += TimeSpan.FromSeconds(1);
        using (PluginLease<IVideoAnalyzer> last = await _host.AcquireAsync(Task))
        {
            await Should.ThrowAsync<MedGenException>(() => AnalyzeAsync(last.Service, "exit"));
        }

        PluginStatus status = _host.Catalog.GetStatus("test.misbehaving");
        status.State.ShouldBe(PluginState.Quarantined);
        status.Reason.ShouldNotBeNull().ShouldContain("The process of version 1.0.0 ended 3 times in a row");
    }

    // A worker of another make: it answers the load, and then what its line says.
    [Theory]
    [InlineData("""{"is":"log","level":2,"category":"x"}""")]
    [InlineData("""{"is":"ended","call":2,"error":{"reason":"X","message":"x","violations":null,"code":3}}""")]
    [InlineData("""{"is":"next","call":2,"stream":1,"count":9999}""")]
    [InlineData("""{"is":"analyze","call":2}""")]
    [InlineData("no JSON")]
    [InlineData("")]
    public async Task Analyze_ByAWorkerThatDoesNotKeepToItsLine_Ends(string line)
    {
        await StartAsync(options =>
        {
            options.WorkerSandbox = SandboxMode.Limits;
            options.WorkerCommand = ["/usr/bin/python3", "-c", StrangeWorker, line];
        });
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(2));

        // Where it says nothing at all it is cancelled, and does not hear it.
        await Should.ThrowAsync<Exception>(async () => await lease.Service.AnalyzeAsync(Asked("none"), stop.Token).ToListAsync(stop.Token));
    }

    private const string StrangeWorker = """
        import sys, struct, json, time
        def say(text):
            data = text.encode()
            sys.stdout.buffer.write(struct.pack('<ii', len(data), 0) + data)
            sys.stdout.buffer.flush()
        length, _ = struct.unpack('<ii', sys.stdin.buffer.read(8))
        call = json.loads(sys.stdin.buffer.read(length))['call']
        output = {'name': 'word', 'description': 'The word.', 'kind': 6, 'labels': []}
        analyzer = {'task': 'test-misbehaving', 'summary': 'Strange.', 'outputs': [output]}
        say(json.dumps({'is': 'ended', 'call': call, 'told': {'analyzers': [analyzer], 'settings': {}}}))
        length, _ = struct.unpack('<ii', sys.stdin.buffer.read(8))
        sys.stdin.buffer.read(length)
        say(json.dumps({'is': 'ended', 'call': call + 1}))
        length, _ = struct.unpack('<ii', sys.stdin.buffer.read(8))
        call = json.loads(sys.stdin.buffer.read(length))['call']
        if sys.argv[1]: say(sys.argv[1].replace('"call":2', f'"call":{call}'))
        time.sleep(60)
        """;

    private Task<PluginHostFixture> StartAsync(Action<PluginHostOptions>? more = null) =>
        _host.Install("test.misbehaving", "1.0.0").StartAsync(Isolate + (more ?? (_ => { })));

    private static void Isolate(PluginHostOptions options)
    {
        options.Isolation = IsolationPolicy.Foreign;
        options.WorkerGrace = TimeSpan.FromSeconds(1);
        options.WorkerCommand = TestPlugins.WorkerCommand;
    }

    private static AnalysisRequest Asked(string how, IVideoClip? clip = null) => new()
    {
        Inputs = [new InputClip { Role = "clip", Clip = clip ?? new TestPlugins.NoFrames() }], Parameters = $$"""{"how": "{{how}}"}""",
    };

    private static async Task<string> AnalyzeAsync(IVideoAnalyzer analyzer, string how, IVideoClip? clip = null)
    {
        string said = "";
        await foreach (AnalysisUpdate update in analyzer.AnalyzeAsync(Asked(how, clip), Token))
        {
            said = update is FinalFindings { Findings: [TextFinding text, ..] } && said.Length == 0 ? text.Text : said;
        }

        return said;
    }

    // Its timers run; only what it reads stands still.
    private sealed class StandingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class GreyFrames(int count, bool isLive = false) : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = 16, Height = 16, FrameRate = 8, FrameCount = count };

        public bool IsLive => isLive;

        public int FramesRead { get; private set; }

        public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken) =>
            Enumerable.Range(0, sampling.MaxFrames ?? count).ToAsyncEnumerable().Select(i =>
            {
                FramesRead = i + 1;
                return VideoFrame.Wrap([.. Enumerable.Repeat((byte)7, 16 * 16 * 3)], 16, 16, i, TimeSpan.FromSeconds(i / 8.0));
            });
    }

    private sealed class BrokenFrames : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = 16, Height = 16 };

        public bool IsLive => false;

        public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken) =>
            throw new MediaException("film.mp4", "film.mp4 is damaged.");
    }
}

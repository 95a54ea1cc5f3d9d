using System.Runtime.CompilerServices;
using MedGen.Application.Analysis;
using MedGen.Application.Artifacts;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Plugins;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Application.Tests;

/// <summary>Analyses whose plugin, or caller, does what it may not.</summary>
public sealed class AnalysisTests
{
    private static CancellationToken Token => Platform.Token;

    [Theory]
    [InlineData(true, "update: the answer ended without AnalysisCompleted")]
    [InlineData(false, "findings[0].labels: has a label that is none of the output's; allowed: dark, bright.")]
    public async Task AnalyzeVideo_WrongAnswer_FailsNamingPluginAndFieldAndStoresNothingOfIt(bool cutShort, string message)
    {
        await using Platform platform = await Platform.StartAsync();
        LabelFinding answer = cutShort ? Bright() : Bright() with { Labels = ["sunny"] };
        Analyzer(platform).Says = (_, _) => new AnalysisUpdate[] { Final(answer) }.ToAsyncEnumerable();

        Job job = await AskAsync(platform);
        List<JobEvent> events = await platform.WatchAsync(job.Id);

        JobError error = events[^1].Payload.ShouldBeOfType<JobStateChanged>().Error.ShouldNotBeNull();
        (error.Code, error.Reason).ShouldBe((ErrorCode.Internal, "PLUGIN_ANSWER_INVALID"));
        error.Message.ShouldContain("The plugin 'fake' 1.2.3 answered what is not allowed.");
        error.Message.ShouldContain(message);
        events.ShouldAllBe(one => !(one.Payload is FindingsReported));
    }

    [Theory]
    [InlineData("well", true)]
    [InlineData("throws", false)]
    [InlineData("breaks its contract", false)]
    [InlineData("refuses", null)]
    public async Task AnalyzeVideo_HowThePluginDidIt_IsReportedOfItAndNotOfItsValidation(string how, bool? wentWell)
    {
        await using Platform platform = await Platform.StartAsync();
        Analyzer(platform).Says = (_, _) => how switch
        {
            "well" => new AnalysisUpdate[] { Final(Bright()), new AnalysisCompleted { FramesAnalyzed = 0 } }.ToAsyncEnumerable(),
            "breaks its contract" => AsyncEnumerable.Empty<AnalysisUpdate>(),
            "throws" => throw new InvalidOperationException("broken"),
            _ => throw new InvalidInputException("parameters", "not these."),
        };

        await platform.WatchAsync((await AskAsync(platform)).Id);

        platform.Catalog.Reported.ShouldBe(wentWell is { } known ? [known] : []);
    }

    [Fact]
    public async Task AnalyzeVideo_ByAPluginWhoseErrorHoldsASecret_SaysNothingOfIt()
    {
        await using Platform platform = await Platform.StartAsync();
        Analyzer(platform).Says = (_, _) => throw new InvalidInputException("parameters", "the key correct-horse is wrong.");
        platform.Catalog.Rules = new Rules();

        List<JobEvent> events = await platform.WatchAsync((await AskAsync(platform)).Id);

        JobError error = events[^1].Payload.ShouldBeOfType<JobStateChanged>().Error.ShouldNotBeNull();
        (error.Code, error.Reason).ShouldBe((ErrorCode.Internal, "PLUGIN_SECRET_TOLD"));
        (error.Message + string.Join(" ", error.Violations ?? [])).ShouldNotContain("correct-horse");
    }

    [Fact]
    public async Task AnalyzeVideo_ByAPluginThatMayNotBeCalled_IsRefusedBeforeAJobExists()
    {
        await using Platform platform = await Platform.StartAsync();
        platform.Catalog.Rules = new Rules { IsFull = true };

        (await Should.ThrowAsync<ResourceExhaustedException>(() => AskAsync(platform))).Reason.ShouldBe("PLUGIN_DATA_FULL");
    }

    private sealed class Rules : IPluginCallRules
    {
        public bool IsFull { get; init; }

        public void Admit()
        {
            if (IsFull)
            {
                throw new ResourceExhaustedException("PLUGIN_DATA_FULL", "Full.", retryAfter: null);
            }
        }

        public void Enter()
        {
        }

        public bool HoldsSecret(string text) => text.Contains("correct-horse", StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnalyzeVideo_AFileAmongTheFindings_IsStoredForTheCaller()
    {
        await using Platform platform = await Platform.StartAsync();
        FakeAnalyzer analyzer = Analyzer(platform);
        analyzer.Description = analyzer.Description with { Outputs = [new AnalyzerOutput { Name = "report", Description = "A report.", Kind = OutputKind.Artifact }] };
        ArtifactFinding report = new() { Output = "report", FileName = "report.txt", MediaType = "text/plain", Content = "all well"u8.ToArray() };
        analyzer.Says = (_, _) => new AnalysisUpdate[] { Final(report), new AnalysisCompleted { FramesAnalyzed = 0 } }.ToAsyncEnumerable();

        Job job = await AskAsync(platform);
        FindingsReported found = (await platform.WatchAsync(job.Id)).Select(one => one.Payload).OfType<FindingsReported>().ShouldHaveSingleItem();

        string id = found.Findings.ShouldHaveSingleItem().ShouldBeOfType<ArtifactFinding>().ArtifactId.ShouldNotBeNull();
        Artifact stored = (await platform.Artifacts.FindAsync(id, Token)).ShouldNotBeNull();
        (stored.FileName, stored.Owner, stored.JobId).ShouldBe(("report.txt", "ann", job.Id));
        File.ReadAllText(await platform.Artifacts.GetVerifiedPathAsync(stored, Token)).ShouldBe("all well");
    }

    [Theory]
    [InlineData("""{"dwell":700}""", "parameters.dwell: got 700; allowed: 0 to 600.")]
    [InlineData("""{"dwell":"long"}""", "parameters.dwell: got 'long'; allowed: number.")]
    [InlineData("""{"mode":"fast"}""", "parameters.mode: got 'fast'; allowed: online, offline.")]
    [InlineData("""{"speed":1}""", "parameters.speed: is not known; allowed: dwell, mode.")]
    [InlineData("[]", "parameters: ")]
    [InlineData("{", "parameters: ")]
    [InlineData("""{"dwell":1,"dwell":2}""", "parameters: ")]
    public async Task AnalyzeVideo_ParametersThatBreakTheSchema_IsRefusedBeforeAJobExists(string parameters, string message)
    {
        await using Platform platform = await Platform.StartAsync();
        FakeAnalyzer analyzer = Analyzer(platform);
        analyzer.Description = analyzer.Description with
        {
            ParametersSchema = """
                {"type":"object","properties":{"dwell":{"type":"number","minimum":0,"maximum":600},"mode":{"enum":["online","offline"]}},"additionalProperties":false}
                """,
        };

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => AskAsync(platform, parameters));

        error.Message.ShouldContain(message);
        (await platform.Send(new ListJobs { Kind = JobKind.Classification }, Platform.Ann)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnalyzeVideo_PluginRefusesTheRequest_IsRefusedBeforeAJobExists()
    {
        await using Platform platform = await Platform.StartAsync();
        Analyzer(platform).Validates = _ => throw new InvalidInputException("parameters.licence", "has expired.");

        (await Should.ThrowAsync<InvalidInputException>(() => AskAsync(platform))).Message.ShouldBe("parameters.licence: has expired.");
    }

    [Fact]
    public async Task AnalyzeVideo_SeveralClipsByRole_ReachTheAnalyzerInItsOrder()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact clip = await ClipAsync(platform);
        FakeAnalyzer analyzer = Analyzer(platform);
        analyzer.Description = analyzer.Description with
        {
            Inputs = [new AnalyzerInput { Role = "a2c", Description = "x", Live = false }, new AnalyzerInput { Role = "a4c", Description = "x", Live = false }],
        };
        analyzer.Says = (request, _) => new AnalysisUpdate[]
        {
            Final([.. request.Inputs.Select(input => Bright() with { Role = input.Role })]), new AnalysisCompleted { FramesAnalyzed = 0 },
        }.ToAsyncEnumerable();
        AnalyzeVideo both = new()
        {
            Task = "brightness",
            Inputs = [new AnalysisInput { Role = "a4c", ArtifactId = clip.Id }, new AnalysisInput { Role = "a2c", ArtifactId = clip.Id }],
        };

        Job job = await platform.Send(both, Platform.Ann);
        FindingsReported found = (await platform.WatchAsync(job.Id)).Select(one => one.Payload).OfType<FindingsReported>().ShouldHaveSingleItem();

        found.Findings.Select(finding => finding.Role).ShouldBe(["a2c", "a4c"]);
        (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(both with { Inputs = [both.Inputs[0]] }, Platform.Ann)))
            .Message.ShouldBe("inputs: has 0 clips for the role a2c; allowed: one.");
        (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(both with { Inputs = [new() { ArtifactId = clip.Id, Role = "plax" }] }, Platform.Ann)))
            .Message.ShouldContain("inputs[0].role: got 'plax'; allowed: a2c, a4c.");
    }

    [Theory]
    [InlineData("ct_test_big_endian.dcm", "Gray16", new[] { FrameFormat.Gray16, FrameFormat.Rgb24 })]
    [InlineData("ct_test_big_endian.dcm", "Gray8", new[] { FrameFormat.Gray8, FrameFormat.Gray16 })]
    [InlineData("ct_test_big_endian.dcm", "Rgb24", new[] { FrameFormat.Rgb24 })]
    [InlineData("tee_colour.dcm", "Rgb24", new[] { FrameFormat.Gray16, FrameFormat.Rgb24 })]
    [InlineData("tee_colour.dcm", "Gray8", new[] { FrameFormat.Gray16, FrameFormat.Gray8 })]
    [InlineData("tee_colour.dcm", "inputs.clip: has frames in Rgb24, Gray8; allowed: Gray16.", new[] { FrameFormat.Gray16 })]
    public async Task AnalyzeVideo_ByFormats_GetsTheFirstThatTheClipHas(string file, string expected, FrameFormat[] formats)
    {
        await using Platform platform = await Platform.StartAsync();
        FakeAnalyzer analyzer = Analyzer(platform);
        analyzer.Description = analyzer.Description with { Inputs = [new AnalyzerInput { Description = "A scan.", Formats = formats, Live = false }] };
        HashSet<string> got = [];
        analyzer.Says = (request, token) => LookAsync(request.Clip, token);
        Artifact clip = await platform.UploadAsync(await File.ReadAllBytesAsync(Fixtures.Path("dicom", file), Token), file);

        Job job = await platform.Send(new AnalyzeVideo { Task = "brightness", Inputs = [new AnalysisInput { ArtifactId = clip.Id }] }, Platform.Ann);
        JobStateChanged end = (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>();

        string seen = end.Error is { } error ? error.Message : got.ShouldHaveSingleItem();
        seen.ShouldBe(expected);

        async IAsyncEnumerable<AnalysisUpdate> LookAsync(IVideoClip shown, [EnumeratorCancellation] CancellationToken token)
        {
            await foreach (VideoFrame frame in shown.ReadFramesAsync(new FrameSampling { Width = 32, Height = 32 }, token))
            {
                frame.Format.ShouldBe(shown.Info.Format);
                got.Add($"{frame.Format}");
                frame.Dispose();
            }

            yield return Final(Bright());
            yield return new AnalysisCompleted { FramesAnalyzed = 1 };
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelJob_PluginThatIgnoresItsToken_EndsAfterTheGraceAndFreesItsSlot(bool blocks)
    {
        await using Platform platform = await Platform.StartAsync(options => options.MaxConcurrentJobs = 1);
        FakeAnalyzer analyzer = Analyzer(platform);
        using ManualResetEventSlim never = new();
        TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        analyzer.Says = (_, _) => HangAsync();
        Job job = await AskAsync(platform);
        await called.Task.WaitAsync(Token);

        await platform.Send(new CancelJob { JobId = job.Id }, Platform.Ann);
        JobStateChanged end = await EndAsync(platform, job);

        end.State.ShouldBe(JobState.Cancelled);
        end.Note.ShouldBe("The plugin 'fake' 1.2.3 did not end within 10 s of being told to; it is not waited for any more.");
        platform.Catalog.Abandoned.ShouldHaveSingleItem().IsCompleted.ShouldBeFalse();
        analyzer.Says = null;
        (await platform.WatchAsync((await AskAsync(platform)).Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
        never.Set();

        async IAsyncEnumerable<AnalysisUpdate> HangAsync()
        {
            called.TrySetResult();
            if (blocks)
            {
                never.Wait(CancellationToken.None);
            }

            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            yield break;
        }
    }

    [Fact]
    public async Task Timeout_PluginThatIgnoresItsToken_FailsAfterTheGraceAndNamesIt()
    {
        await using Platform platform = await Platform.StartAsync();
        TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Analyzer(platform).Says = (_, _) => HangAsync();
        Job job = await AskAsync(platform, timeout: TimeSpan.FromSeconds(3));
        await called.Task.WaitAsync(Token);

        JobStateChanged end = await EndAsync(platform, job);

        end.Error.ShouldNotBeNull().Reason.ShouldBe("DEADLINE_EXCEEDED");
        end.Note.ShouldNotBeNull().ShouldContain("The plugin 'fake' 1.2.3 did not end");

        async IAsyncEnumerable<AnalysisUpdate> HangAsync()
        {
            called.TrySetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            yield break;
        }
    }

    private static FakeAnalyzer Analyzer(Platform platform) => (FakeAnalyzer)platform.Catalog.Analyzer!;

    private static LabelFinding Bright() => FakeAnalyzer.Finding(0.75, FindingScope.Clip);

    private static FinalFindings Final(params Finding[] findings) => new() { Findings = findings };

    private static async Task<Artifact> ClipAsync(Platform platform)
    {
        GenerateVideo small = new() { Prompt = "x", Width = 16, Height = 16, NumFrames = 5, NumInferenceSteps = 1 };
        Job job = await platform.Send(small, Platform.Ann);
        Artifact clip = ((ArtifactProduced)(await platform.UntilAsync(job.Id, payload => payload is ArtifactProduced)).Payload).Artifact;
        await platform.WatchAsync(job.Id);
        return clip;
    }

    private static async Task<Job> AskAsync(Platform platform, string? parameters = null, TimeSpan? timeout = null)
    {
        Artifact clip = await ClipAsync(platform);
        AnalyzeVideo message = new()
        {
            Inputs = [new AnalysisInput { ArtifactId = clip.Id }], Task = "brightness", Parameters = parameters, Timeout = timeout,
        };
        return await platform.Send(message, Platform.Ann);
    }

    /// <summary>Lets the clock run until a job ends.</summary>
    private static async Task<JobStateChanged> EndAsync(Platform platform, Job job)
    {
        Task<List<JobEvent>> watch = platform.WatchAsync(job.Id);
        while (!watch.IsCompleted)
        {
            platform.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return (await watch)[^1].Payload.ShouldBeOfType<JobStateChanged>();
    }
}

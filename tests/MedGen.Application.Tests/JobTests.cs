using System.Security.Cryptography;
using System.Text;
using MedGen.Application.Auditing;
using MedGen.Application.Access;
using MedGen.Application.Analysis;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Generation;
using MedGen.Application.Artifacts;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;
using MedGen.Sdk.Parameters;

namespace MedGen.Application.Tests;

public sealed class JobTests
{
    private static CancellationToken Token => Platform.Token;

    private static GenerateVideo Small { get; } = new() { Prompt = "a secret prompt", Width = 32, Height = 16, NumFrames = 5, NumInferenceSteps = 3 };

    [Fact]
    public async Task GenerateVideo_ToTheEnd_GivesAPlayableFileWithSealedProvenance()
    {
        await using Platform platform = await Platform.StartAsync();

        Job queued = await platform.Send(Small with { Seed = 42, PreviewInterval = 2 }, Platform.Ann);
        List<JobEvent> events = await platform.WatchAsync(queued.Id);

        Job job = await platform.Send(new GetJob { JobId = queued.Id }, Platform.Reader);
        job.State.ShouldBe(JobState.Succeeded);
        events.Select(e => e.Number).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n));
        events.Select(e => e.Payload).OfType<JobStateChanged>().Select(s => s.State)
            .ShouldBe([JobState.Queued, JobState.Running, JobState.Succeeded]);
        events.ShouldContain(e => e.Payload is JobPreviewed);
        Artifact artifact = events.Select(e => e.Payload).OfType<ArtifactProduced>().ShouldHaveSingleItem().Artifact;
        job.Results.ShouldBe([artifact.Id]);
        GenerationProvenance provenance = artifact.Provenance.ShouldNotBeNull();
        artifact.Synthetic.ShouldBeTrue();
        artifact.Owner.ShouldBe("ann");
        provenance.Seal().ShouldBe(provenance);
        (provenance with { Seed = 43 }).Seal().Id.ShouldNotBe(provenance.Id);
        (provenance.Seed, provenance.Model, provenance.PluginVersion, provenance.Scheduler).ShouldBe((42, "mini", "1.2.3", "UniPC"));
        provenance.PromptSha256.ShouldBeNull();
        provenance.PromptHash.ShouldNotBeNull().Length.ShouldBe(64);
        provenance.PromptHash.ShouldNotBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Small.Prompt))));
        IVideoClip clip = await platform.Services.GetRequiredService<IVideoReader>().OpenAsync(await platform.Artifacts.GetVerifiedPathAsync(artifact, Token), Token);
        int frames = 0;
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, Token))
        {
            frames++;
            ((int)frame.Pixels.Span[0]).ShouldBeInRange(40, 44);
            frame.Dispose();
        }

        (frames, clip.Info.Width, clip.Info.Height).ShouldBe((5, 32, 16));
        Directory.GetFiles(Path.Combine(platform.Folder, "work")).ShouldBeEmpty();
        platform.Catalog.Leases.ShouldBe(0);
    }

    [Fact]
    public async Task GenerateVideo_WithAPromptAlone_TakesTheModelsDefaults()
    {
        await using Platform platform = await Platform.StartAsync();

        Artifact result = await GenerateAsync(platform, new GenerateVideo { Prompt = "a prompt", NumFrames = 5 });

        GenerationProvenance made = result.Provenance.ShouldNotBeNull();
        (made.Width, made.Height, made.NumFrames, made.FramesPerSecond).ShouldBe((48, 32, 5, 5));
        (made.NumInferenceSteps, made.GuidanceScale, made.Shift).ShouldBe((3, 2, 4));
    }

    [Fact]
    public async Task GenerateVideo_LargeNoisyPreview_IsHalvedUntilItFits()
    {
        await using Platform platform = await Platform.StartAsync();

        Job job = await platform.Send(Small with { Width = 832, Height = 480, NumFrames = 1, PreviewInterval = 3 }, Platform.Ann);
        JobPreviewed preview = (JobPreviewed)(await platform.UntilAsync(job.Id, p => p is JobPreviewed)).Payload;

        preview.Png.Length.ShouldBeLessThanOrEqualTo(PreviewImage.MaxBytes);
        (preview.Width, preview.Height).ShouldBe((208, 120));
    }

    [Fact]
    public async Task GenerateVideo_FromASource_GivesItsFramesToThePlugin()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact source = await GenerateAsync(platform, Small with { Seed = 200 });

        Artifact result = await GenerateAsync(platform, Small with { SourceArtifactId = source.Id, Strength = 0.5, Width = 16 });

        result.Provenance!.SourceSha256.ShouldBe(source.Sha256);
        result.Provenance.Strength.ShouldBe(0.5);
        Job tooLong = await platform.Send(Small with { SourceArtifactId = source.Id, NumFrames = 9 }, Platform.Ann);
        JobError error = await FailAsync(platform, tooLong);
        error.Reason.ShouldBe("INVALID_INPUT");
        error.Message.ShouldContain("5 frames");
    }

    [Fact]
    public async Task GenerateVideo_PluginThrows_TellsAnIdAndLogsNoMessage()
    {
        await using Platform platform = await Platform.StartAsync();
        ((FakeGenerator)platform.Catalog.Generator!).Failure = new InvalidOperationException("patient John Doe");

        JobError error = await FailAsync(platform, await platform.Send(Small, Platform.Ann));

        error.Reason.ShouldBe("INTERNAL");
        error.Message.ShouldNotContain("John Doe");
        platform.LogLines.ShouldContain(line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("InvalidOperationException"));
        platform.LogLines.ShouldNotContain(line => line.Contains("John Doe", StringComparison.Ordinal));
        Directory.GetFiles(Path.Combine(platform.Folder, "work")).ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(platform.Folder, "artifacts"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task GenerateVideo_DeviceQueueFull_FailsWithThatReason()
    {
        await using Platform platform = await Platform.StartAsync();
        ((FakeGenerator)platform.Catalog.Generator!).Failure = new ResourceExhaustedException("DEVICE_QUEUE_FULL", "The device's queue is full.");

        (await FailAsync(platform, await platform.Send(Small, Platform.Ann))).ShouldBe(
            new JobError { Code = ErrorCode.ResourceExhausted, Reason = "DEVICE_QUEUE_FULL", Message = "The device's queue is full." });
    }

    [Fact]
    public async Task GenerateVideo_AGeneratorWithAModelOfItsOwn_DoesNotClaimTheResidentModel()
    {
        await using Platform platform = await Platform.StartAsync(withModel: false);
        ((FakeGenerator)platform.Catalog.Generator!).Description = new GeneratorDescription
        {
            Summary = "A test pattern.",
            UsesResidentModel = false,
            Model = "acme pattern",
            Weights = [new WeightsDescription { Name = "w", Sha256 = new string('a', 64) }],
        };

        GenerationProvenance provenance = (await GenerateAsync(platform, Small)).Provenance!;

        (provenance.Model, provenance.ModelHash, provenance.ModelIsTrained).ShouldBe(("acme pattern", new string('a', 64), false));
        (provenance.Scheduler, provenance.Shift, provenance.ModelKernels).ShouldBe(("", 0, null));
        (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(Small with { Model = "medgen-mini" }, Platform.Ann)))
            .Message.ShouldContain("model: is given; allowed: none, as the plugin 'fake' has a model of its own.");
    }

    [Fact]
    public async Task GenerateVideo_WithOptionsOfItsGenerator_HandsThemOnAndRefusesWhatItDoesNotHave()
    {
        await using Platform platform = await Platform.StartAsync(withModel: false);
        FakeGenerator generator = (FakeGenerator)platform.Catalog.Generator!;
        generator.Description = new GeneratorDescription
        {
            Summary = "A test pattern.", UsesResidentModel = false, Model = "acme pattern", OptionsSchema = ParameterSchema.Of<PatternOptions>(),
        };

        GenerationProvenance with = (await GenerateAsync(platform, Small with { Options = """{"stripes":7}""" })).Provenance!;
        GenerationProvenance without = (await GenerateAsync(platform, Small)).Provenance!;

        generator.Requests[0].ReadOptions<PatternOptions>().Stripes.ShouldBe(7);
        generator.Requests[1].ReadOptions<PatternOptions>().Stripes.ShouldBe(4);
        with.OptionsHash.ShouldNotBeNull().Length.ShouldBe(64);
        without.OptionsHash.ShouldBeNull();
        (await RefusedAsync(Small with { Options = """{"stripes":99}""" })).ShouldBe("generator_options.stripes: got 99; allowed: 1 to 9.");
        (await RefusedAsync(Small with { Options = """{"dots":1}""" })).ShouldBe("generator_options.dots: is not known; allowed: stripes.");
        foreach (GenerateVideo wan in new[]
        {
            Small with { Wan = new WanOptions { Shift = 3 } },
            Small with { Wan = new WanOptions { Adapters = [new AdapterUse { Name = "lung" }] } },
            Small with { Scheduler = GenerationScheduler.Euler },
        })
        {
            (await RefusedAsync(wan)).ShouldBe("wan: is given; allowed: none, as the plugin 'fake' has a model of its own.");
        }

        async Task<string> RefusedAsync(GenerateVideo request) =>
            (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(request, Platform.Ann))).Message;
    }

    [Fact]
    public async Task GenerateVideo_WithOptionsForAGeneratorWithoutAny_IsRefused()
    {
        await using Platform platform = await Platform.StartAsync();

        (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(Small with { Options = """{"stripes":7}""" }, Platform.Ann)))
            .Message.ShouldBe("generator_options.stripes: is not known; allowed: none.");
    }

    private sealed record PatternOptions
    {
        [System.ComponentModel.DataAnnotations.Range(1, 9)]
        public int Stripes { get; init; } = 4;
    }

    [Fact]
    public async Task AnalyzeVideo_RealClip_GivesFramesThenTheClipAndItsEnd()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact clip = await GenerateAsync(platform, Small with { Seed = 200 });

        Job job = await platform.Send(new AnalyzeVideo { Inputs = [new AnalysisInput { ArtifactId = clip.Id }], Task = "brightness" }, Platform.Ann);
        List<JobEvent> events = await platform.WatchAsync(job.Id);

        List<FindingsReported> reports = [.. events.Select(e => e.Payload).OfType<FindingsReported>()];
        FindingsReported answer = reports.Single(report => !report.Interim);
        LabelFinding finding = answer.Findings.ShouldHaveSingleItem().ShouldBeOfType<LabelFinding>();
        (finding.Scope, finding.Labels.ShouldHaveSingleItem()).ShouldBe((FindingScope.Clip, "bright"));
        answer.Analyzer.Outputs.ShouldHaveSingleItem().Labels.Select(label => label.Name).ShouldBe(["dark", "bright"]);

        // The clock stands still, so of the frames only the first is kept.
        reports.Where(report => report.Interim).ShouldHaveSingleItem().Findings[0].Scope.ShouldBe(FindingScope.Frame(0, TimeSpan.Zero));
        events.Select(e => e.Payload).OfType<AnalysisFinished>().ShouldHaveSingleItem().FramesAnalyzed.ShouldBe(5);
        events[^1].Payload.ShouldBe(new JobStateChanged { State = JobState.Succeeded, Attempt = 1 });
    }

    [Fact]
    public async Task AnalyzeVideo_TextNamedMp4_SaysSoUnderTheUploadedName()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact text = await platform.UploadAsync(Encoding.UTF8.GetBytes("This is no film.\n"), "notes.mp4");

        Job job = await platform.Send(new AnalyzeVideo { Inputs = [new AnalysisInput { ArtifactId = text.Id }], Task = "brightness" }, Platform.Ann);
        JobError error = await FailAsync(platform, job);

        error.Reason.ShouldBe("MEDIA_UNREADABLE");
        error.Message.ShouldContain("notes.mp4");
        error.Message.ShouldNotContain(text.Sha256);
    }

    [Fact]
    public async Task AnalyzeStream_LiveFrames_AreAnsweredOneByOne()
    {
        await using Platform platform = await Platform.StartAsync();
        AnalyzeStream message = new() { Task = "brightness", Info = new VideoInfo { Width = 2, Height = 2 }, Frames = Frames() };

        List<LiveAnalysis> answers = await platform.Stream(message, Platform.Ann, Token).ToListAsync(Token);

        answers.Select(answer => answer.Update.GetType()).ShouldBe(
            [typeof(InterimFindings), typeof(InterimFindings), typeof(InterimFindings), typeof(FinalFindings), typeof(AnalysisCompleted)]);
        answers[^1].Update.ShouldBe(new AnalysisCompleted { FramesAnalyzed = 3 });
        answers.ShouldAllBe(answer => answer.Analyzer.PluginId == "fake");
        (await platform.Audit.ReadAsync(new AuditQuery(), Token)).ShouldHaveSingleItem().Entry.Outcome.ShouldBe("ok");

        static async IAsyncEnumerable<VideoFrame> Frames()
        {
            for (int i = 0; i < 3; i++)
            {
                yield return VideoFrame.Wrap(new byte[12], 2, 2, i, TimeSpan.FromSeconds(i));
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task CancelJob_Queued_EndsAtOnceAndAgainIsFine()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MaxConcurrentJobs = 1);
        (Job _, TaskCompletionSource gate) = await HoldAsync(platform);
        Job waiting = await platform.Send(Small, Platform.Ann);

        (await platform.Send(new CancelJob { JobId = waiting.Id }, Platform.Ann)).State.ShouldBe(JobState.Cancelled);
        (await platform.Send(new CancelJob { JobId = waiting.Id }, Platform.Ann)).State.ShouldBe(JobState.Cancelled);

        gate.SetResult();
        (await platform.WatchAsync(waiting.Id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task CancelJob_Running_EndsAtItsNextStepForItsOwnerOnly()
    {
        await using Platform platform = await Platform.StartAsync();
        (Job job, _) = await HoldAsync(platform);

        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(new CancelJob { JobId = job.Id }, Platform.Ann));
        (await platform.Send(new CancelJob { JobId = job.Id }, Platform.Bob)).CancelRequested.ShouldBeTrue();

        (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBe(new JobStateChanged { State = JobState.Cancelled, Attempt = 1 });
        platform.Catalog.Leases.ShouldBe(0);
    }

    [Fact]
    public async Task Timeout_RunningAndWaiting_FailsBoth()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MaxConcurrentJobs = 1);
        ((FakeGenerator)platform.Catalog.Generator!).Gate = new TaskCompletionSource();
        Job running = await platform.Send(Small with { Timeout = TimeSpan.FromSeconds(30) }, Platform.Ann);
        await platform.UntilAsync(running.Id, p => p is JobProgressed);
        Job waiting = await platform.Send(Small with { Timeout = TimeSpan.FromSeconds(10) }, Platform.Ann);

        platform.Time.Advance(TimeSpan.FromSeconds(31));

        (await FailAsync(platform, running)).Reason.ShouldBe("DEADLINE_EXCEEDED");
        (await FailAsync(platform, waiting)).Message.ShouldContain("10 s");
    }

    [Fact]
    public async Task Timeout_PassesWhileTheJobWaits_FailsItAtThatTime()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MaxConcurrentJobs = 1);
        (Job running, TaskCompletionSource gate) = await HoldAsync(platform);
        Job unlimited = await platform.Send(Small, Platform.Ann);
        Job late = await platform.Send(Small with { Timeout = TimeSpan.FromSeconds(60) }, Platform.Ann);
        Job soon = await platform.Send(Small with { Timeout = TimeSpan.FromSeconds(10) }, Platform.Ann);

        platform.Time.Advance(TimeSpan.FromSeconds(10));

        JobError error = await FailAsync(platform, soon);
        error.Reason.ShouldBe("DEADLINE_EXCEEDED");
        error.Message.ShouldContain("10 s");
        (await platform.WatchAsync(soon.Id)).Count.ShouldBe(2);
        (await platform.Send(new GetJob { JobId = running.Id }, Platform.Ann)).State.ShouldBe(JobState.Running);
        (await platform.Send(new ListJobs { State = JobState.Queued }, Platform.Ann)).Jobs.Select(job => job.Id).ShouldBe([late.Id, unlimited.Id]);
        platform.Time.Advance(TimeSpan.FromSeconds(50));
        (await FailAsync(platform, late)).Reason.ShouldBe("DEADLINE_EXCEEDED");
        gate.SetResult();
        (await platform.WatchAsync(unlimited.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Timeout_PassedWhileTheHostWasAway_FailsAtTheNextStart()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MaxConcurrentJobs = 1);
        await HoldAsync(platform);
        Job waiting = await platform.Send(Small with { Timeout = TimeSpan.FromSeconds(10) }, Platform.Ann);
        await platform.StopHostAsync();

        platform.Time.Advance(TimeSpan.FromSeconds(11));
        await platform.StartHostAsync();

        (await FailAsync(platform, waiting)).Reason.ShouldBe("DEADLINE_EXCEEDED");
    }

    [Fact]
    public async Task Timeout_OfAJobThatStartsAfterTheClockWasSetBack_IsAsLongAsItWasGiven()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MaxConcurrentJobs = 1);
        (_, TaskCompletionSource gate) = await HoldAsync(platform);
        Job late = await platform.Send(Small with { Timeout = TimeSpan.FromSeconds(30) }, Platform.Ann);

        platform.Time.Set(TimeSpan.FromDays(-20_000));
        ((FakeGenerator)platform.Catalog.Generator!).Gate = new TaskCompletionSource();
        gate.SetResult();
        await platform.UntilAsync(late.Id, p => p is JobProgressed);
        platform.Time.Advance(TimeSpan.FromSeconds(31));

        (await FailAsync(platform, late)).Reason.ShouldBe("DEADLINE_EXCEEDED");
    }

    [Fact]
    public async Task Timeout_OfAJobThatWaitsWhileTheClockIsBehindByYears_IsStillWatched()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MaxConcurrentJobs = 1);
        await HoldAsync(platform);
        Job late = await platform.Send(Small with { Timeout = TimeSpan.FromSeconds(60) }, Platform.Ann);
        platform.Time.Set(TimeSpan.FromDays(-20_000));
        Job soon = await platform.Send(Small with { Timeout = TimeSpan.FromSeconds(10) }, Platform.Ann);
        platform.Time.Advance(TimeSpan.FromSeconds(11));
        (await FailAsync(platform, soon)).Reason.ShouldBe("DEADLINE_EXCEEDED");

        platform.Time.Set(TimeSpan.FromDays(20_000));
        platform.Time.Advance(TimeSpan.FromDays(1));

        (await FailAsync(platform, late)).Reason.ShouldBe("DEADLINE_EXCEEDED");
    }

    [Fact]
    public async Task Runner_MoreJobsThanSlots_RunsAsManyAsThereAreSlots()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MaxConcurrentJobs = 2);
        (Job first, TaskCompletionSource gate) = await HoldAsync(platform);
        (Job second, _) = await HoldAsync(platform, gate);
        Job third = await platform.Send(Small, Platform.Ann);

        (await platform.Send(new ListJobs { State = JobState.Running }, Platform.Ann)).Jobs.Count.ShouldBe(2);
        ((FakeGenerator)platform.Catalog.Generator!).Requests.Count.ShouldBe(2);
        gate.SetResult();

        foreach (Job job in new[] { first, second, third })
        {
            (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
        }
    }

    private static async Task<Artifact> GenerateAsync(Platform platform, GenerateVideo message)
    {
        Job job = await platform.Send(message, Platform.Ann);
        return ((ArtifactProduced)(await platform.UntilAsync(job.Id, p => p is ArtifactProduced)).Payload).Artifact;
    }

    private static async Task<JobError> FailAsync(Platform platform, Job job) =>
        (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().Error.ShouldNotBeNull();

    private static async Task<(Job Job, TaskCompletionSource Gate)> HoldAsync(Platform platform, TaskCompletionSource? gate = null)
    {
        gate ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ((FakeGenerator)platform.Catalog.Generator!).Gate = gate;
        Job job = await platform.Send(Small, Platform.Bob);
        await platform.UntilAsync(job.Id, p => p is JobProgressed);
        return (job, gate);
    }
}

using System.Diagnostics.Metrics;
using System.Reflection;
using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Generation;
using MedGen.Application.Access;
using MedGen.Application.Analysis;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Application.Tests;

public sealed class PipelineTests
{
    private static readonly string[] Order =
    [
        "TracingBehavior`2", "ValidationBehavior`2", "AuthorizationBehavior`2", "IdempotencyBehavior`2", "AuditBehavior`2", "AdmissionBehavior`2",
    ];

    private static GenerateVideo Small { get; } = new() { Prompt = "a secret prompt", Width = 32, Height = 16, NumFrames = 5, NumInferenceSteps = 2 };

    [Fact]
    public async Task Behaviors_RequestsAndStreams_ComeInTheStatedOrder()
    {
        await using Platform platform = await Platform.StartAsync();
        using IServiceScope scope = platform.Services.CreateScope();

        scope.ServiceProvider.GetServices<IPipelineBehavior<GetJob, Job>>().Select(b => b.GetType().Name).ShouldBe(Order);
        scope.ServiceProvider.GetServices<IStreamPipelineBehavior<WatchJob, JobEvent>>().Select(b => b.GetType().Name).ShouldBe(Order);
    }

    [Fact]
    public void Messages_All_NameTheRoleTheyNeed()
    {
        Type[] messages = [.. typeof(GenerateVideo).Assembly.GetTypes().Where(type => !type.IsInterface && typeof(IBaseRequest).IsAssignableFrom(type)
            || type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IStreamRequest<>)))];

        messages.Length.ShouldBeGreaterThan(15);
        messages.Where(type => type.GetCustomAttribute<RequiresRoleAttribute>() is null).ShouldBeEmpty();
    }

    [Fact]
    public async Task Validation_ManyFaults_AreAllSaidAtOnceInSnakeCase()
    {
        await using Platform platform = await Platform.StartAsync();
        GenerateVideo message = new() { Prompt = " ", Width = 33, NumFrames = 6, GuidanceScale = double.NaN, Scheduler = (GenerationScheduler)99 };

        // No caller either: what is wrong with the message is said first.
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => platform.Send(message, null));

        error.Violations.Select(v => v.Field).ShouldBe(["prompt", "width", "num_frames", "guidance_scale", "scheduler"]);
        error.Message.ShouldContain("33");
    }

    public static TheoryData<string, GenerateVideo> OutOfRange() => new()
    {
        { "prompt", Small with { Prompt = new string('x', 4001) } },
        { "negative_prompt", Small with { NegativePrompt = new string('x', 4001) } },
        { "height", Small with { Height = 1296 } },
        { "num_frames", Small with { NumFrames = 261 } },
        { "frames_per_second", Small with { FramesPerSecond = 0.5 } },
        { "num_inference_steps", Small with { NumInferenceSteps = 0 } },
        { "guidance_scale", Small with { GuidanceScale = 30.5 } },
        { "shift", Small with { Shift = 0 } },
        { "seed", Small with { Seed = -1 } },
        { "strength", Small with { Strength = 1.01 } },
        { "preview_interval", Small with { PreviewInterval = -1 } },
        { "timeout", Small with { Timeout = TimeSpan.Zero } },
        { "idempotency_key", Small with { IdempotencyKey = "" } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public async Task Validation_OneFieldOutOfRange_NamesItAndNeverThePrompt(string field, GenerateVideo message)
    {
        await using Platform platform = await Platform.StartAsync();

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => platform.Send(message, Platform.Ann));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
        error.Message.ShouldNotContain("secret");
        error.Message.ShouldNotContain("xxx");
    }

    [Fact]
    public async Task Validation_Uploads_RefuseFoldersAndForeignHashes()
    {
        await using Platform platform = await Platform.StartAsync();
        UploadArtifact message = new()
        {
            FileName = "../clip.mp4", MediaType = "video", Sha256 = "abc", Chunks = AsyncEnumerable.Empty<ReadOnlyMemory<byte>>(),
        };

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => platform.Send(message, Platform.Ann));

        error.Violations.Select(v => v.Field).ShouldBe(["file_name", "media_type", "sha256"]);
    }

    [Fact]
    public async Task Authorization_UnknownOrTooLow_IsRefusedAndAudited()
    {
        await using Platform platform = await Platform.StartAsync();

        await Should.ThrowAsync<UnauthenticatedException>(() => platform.Send(new GetJob { JobId = "x" }, null));
        await Should.ThrowAsync<UnauthenticatedException>(() => platform.Stream(new WatchJob { JobId = "x" }, null).ToListAsync(Platform.Token).AsTask());
        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(Small, Platform.Reader));
        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(new ReloadPlugin { PluginId = "fake" }, Platform.Ann));
        (await platform.Send(new ReloadPlugin { PluginId = "fake" }, Platform.Admin)).State.ShouldBe(PluginState.Active);

        IReadOnlyList<AuditRecord> records = await platform.Audit.ReadAsync(0, 10, Platform.Token);
        records.Select(r => (r.Entry.Caller, r.Entry.Action, r.Entry.Outcome)).ShouldBe(
        [
            ("anonymous", "GetJob", "UNAUTHENTICATED"),
            ("anonymous", "WatchJob", "UNAUTHENTICATED"),
            ("rita", "GenerateVideo", "ACCESS_DENIED"),
            ("ann", "ReloadPlugin", "ACCESS_DENIED"),
            ("root", "ReloadPlugin", "ok"),
        ]);
        records[3].Entry.Subject.ShouldBe("plugin:fake");
    }

    [Fact]
    public async Task Idempotency_SameKey_SameRequestGivesTheSameJobAndAnotherFails()
    {
        await using Platform platform = await Platform.StartAsync();
        GenerateVideo message = Small with { IdempotencyKey = "key-1" };

        Job first = await platform.Send(message, Platform.Ann);
        Job again = await platform.Send(message with { }, Platform.Ann);
        Job others = await platform.Send(message, Platform.Bob);
        FailedPreconditionException error =
            await Should.ThrowAsync<FailedPreconditionException>(() => platform.Send(message with { Width = 48 }, Platform.Ann));

        again.Id.ShouldBe(first.Id);
        others.Id.ShouldNotBe(first.Id);
        error.Reason.ShouldBe("IDEMPOTENCY_KEY_REUSED");
    }

    [Fact]
    public async Task Idempotency_SameKeyAtTheSameTime_MakesOneJob()
    {
        await using Platform platform = await Platform.StartAsync();

        Job[] jobs = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => platform.Send(Small with { IdempotencyKey = "k" }, Platform.Ann))));

        jobs.Select(job => job.Id).Distinct().ShouldHaveSingleItem();
        (await platform.Send(new ListJobs(), Platform.Ann)).Jobs.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Idempotency_UploadAgain_GivesTheArtifactWithoutReading()
    {
        await using Platform platform = await Platform.StartAsync();
        byte[] content = [1, 2, 3];
        UploadArtifact message = new()
        {
            FileName = "a.bin",
            MediaType = "application/octet-stream",
            Sha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content)),
            IdempotencyKey = "k",
            Chunks = new[] { (ReadOnlyMemory<byte>)content }.ToAsyncEnumerable(),
        };

        Artifact first = await platform.Send(message, Platform.Ann);
        Artifact again = await platform.Send(message with { Chunks = Unreadable() }, Platform.Ann);

        again.ShouldBe(first);

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Unreadable()
        {
            await Task.Yield();
            yield return ReadOnlyMemory<byte>.Empty;
            throw new InvalidOperationException("Was read.");
        }
    }

    [Fact]
    public async Task Audit_WorkAndItsRefusals_HaveIdsAndNoPrompt()
    {
        await using Platform platform = await Platform.StartAsync();

        Job job = await platform.Send(Small, Platform.Ann);
        await platform.WatchAsync(job.Id);
        await Should.ThrowAsync<FailedPreconditionException>(() => platform.Send(new CancelJob { JobId = job.Id }, Platform.Ann));
        await platform.StopHostAsync();
        await platform.StartHostAsync();

        IReadOnlyList<AuditRecord> records = await platform.Audit.ReadAsync(0, 10, Platform.Token);
        records.Select(r => (r.Entry.Action, r.Entry.Outcome)).ShouldBe(
            [("GenerateVideo", "ok"), ("JobEnded", "ok"), ("CancelJob", "JOB_ENDED")], ignoreOrder: true);
        records.ShouldAllBe(r => r.Entry.Subject == $"job:{job.Id}" && r.Entry.Caller == "ann");
        (await platform.Audit.VerifyAsync(Platform.Token)).FirstBroken.ShouldBeNull();
        platform.LogLines.ShouldNotContain(line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Admission_QueueFull_SaysWhenToComeBackAndIsAudited()
    {
        await using Platform platform = await Platform.StartAsync(o => (o.MaxConcurrentJobs, o.MaxQueuedJobs) = (1, 3));
        Job running = await Occupy(platform);

        // All at once: exactly three get in.
        Task<Job>[] sent = [.. Enumerable.Range(0, 10).Select(_ => Task.Run(() => platform.Send(Small, Platform.Ann)))];
        await Task.WhenAll(sent).ContinueWith(_ => { }, TaskScheduler.Default);

        sent.Count(task => task.IsCompletedSuccessfully).ShouldBe(3);
        ResourceExhaustedException error = sent.First(task => task.IsFaulted).Exception!.InnerException.ShouldBeOfType<ResourceExhaustedException>();
        error.Reason.ShouldBe("QUEUE_FULL");
        error.RetryAfter.ShouldBe(TimeSpan.FromSeconds(15));
        (await platform.Audit.ReadAsync(0, 100, Platform.Token)).Count(r => r.Entry.Outcome == "QUEUE_FULL").ShouldBe(7);
        running.State.ShouldBe(JobState.Queued);
    }

    [Fact]
    public async Task Admission_KnownKeyWhileQueueIsFull_StillGivesTheJob()
    {
        await using Platform platform = await Platform.StartAsync(o => (o.MaxConcurrentJobs, o.MaxQueuedJobs) = (1, 1));
        await Occupy(platform);
        Job waiting = await platform.Send(Small with { IdempotencyKey = "k" }, Platform.Ann);

        (await platform.Send(Small with { IdempotencyKey = "k" }, Platform.Ann)).Id.ShouldBe(waiting.Id);
        await Should.ThrowAsync<ResourceExhaustedException>(() => platform.Send(Small, Platform.Ann));
    }

    [Fact]
    public async Task Admission_CallersShareAndFrames_AreLimitedToo()
    {
        await using Platform platform =
            await Platform.StartAsync(o => (o.MaxConcurrentJobs, o.MaxQueuedJobsPerCaller, o.MaxGeneratedFrames) = (1, 1, 257));
        await Occupy(platform);
        await platform.Send(Small, Platform.Ann);

        (await Should.ThrowAsync<ResourceExhaustedException>(() => platform.Send(Small, Platform.Ann))).Reason.ShouldBe("CALLER_QUEUE_FULL");
        (await Should.ThrowAsync<ResourceExhaustedException>(() => platform.Send(Small with { NumFrames = 249 }, Platform.Bob)))
            .Reason.ShouldBe("FRAME_BUDGET");
        await platform.Send(Small with { NumFrames = 245 }, Platform.Bob);
    }

    [Fact]
    public async Task Admission_DiskShort_RefusesUploads()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MinFreeDiskBytes = 1L << 50);

        (await Should.ThrowAsync<ResourceExhaustedException>(() => platform.UploadAsync([1]))).Reason.ShouldBe("DISK_FULL");
    }

    [Fact]
    public async Task Admission_DeadlinePassed_DoesNothing()
    {
        await using Platform platform = await Platform.StartAsync();

        await Should.ThrowAsync<DeadlineExceededException>(() => platform.Send(Small, Platform.Ann, platform.Time.GetUtcNow()));

        (await platform.Send(new ListJobs(), Platform.Ann)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tracing_EveryOutcome_IsMeasuredByMessage()
    {
        List<(string?, string?)> measured = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Name == "medgen.message.duration")
            {
                it.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            Dictionary<string, object?> values = tags.ToArray().ToDictionary();
            lock (measured)
            {
                measured.Add(((string?)values["message"], (string?)values["outcome"]));
            }
        });
        listener.Start();
        await using Platform platform = await Platform.StartAsync();

        await platform.Send(new GetModel(), Platform.Reader);
        await Should.ThrowAsync<ResourceNotFoundException>(() => platform.Send(new GetModel { Name = "other" }, Platform.Reader));
        await Should.ThrowAsync<ResourceNotFoundException>(() => platform.WatchAsync("none"));

        lock (measured)
        {
            measured.ShouldContain(("GetModel", "ok"));
            measured.ShouldContain(("GetModel", "NOT_FOUND"));
            measured.ShouldContain(("WatchJob", "NOT_FOUND"));
        }
    }

    [Fact]
    public async Task Handlers_UnknownThings_AreNamed()
    {
        await using Platform platform = await Platform.StartAsync();

        await NotFound("job", () => platform.Send(new GetJob { JobId = "none" }, Platform.Ann));
        await NotFound("job", () => platform.Send(new CancelJob { JobId = "none" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(new GetArtifact { ArtifactId = "none" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(new OpenArtifact { ArtifactId = "none" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(new DeleteArtifact { ArtifactId = "none" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(new ClassifyVideo { ArtifactId = "none", Task = "brightness" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(Small with { SourceArtifactId = "none" }, Platform.Ann));
        await NotFound("plugin", () => platform.Send(new GetPlugin { PluginId = "none" }, Platform.Ann));
        await NotFound("plugin", () => platform.Send(Small with { PluginId = "none" }, Platform.Ann));
        await NotFound("model", () => platform.Send(Small with { Model = "none" }, Platform.Ann));

        static async Task NotFound(string type, Func<Task> call)
        {
            ResourceNotFoundException error = await Should.ThrowAsync<ResourceNotFoundException>(call);
            (error.ResourceType, error.ResourceId).ShouldBe((type, "none"));
        }
    }

    [Fact]
    public async Task Handlers_NothingToServeWith_SayWhatIsMissing()
    {
        await using Platform platform = await Platform.StartAsync(withModel: false);
        Artifact artifact = await platform.UploadAsync([1]);

        (await Should.ThrowAsync<FailedPreconditionException>(() => platform.Send(Small, Platform.Ann))).Reason.ShouldBe("MODEL_NOT_LOADED");
        (await Should.ThrowAsync<FailedPreconditionException>(
            () => platform.Send(new ClassifyVideo { ArtifactId = artifact.Id, Task = "other" }, Platform.Ann))).Reason.ShouldBe("NO_PLUGIN");
        platform.Catalog.Leases.ShouldBe(0);
    }

    [Fact]
    public async Task DeleteArtifact_SomebodyElses_NeedsAnAdministrator()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact artifact = await platform.UploadAsync([1]);

        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(new DeleteArtifact { ArtifactId = artifact.Id }, Platform.Bob));
        await platform.Send(new DeleteArtifact { ArtifactId = artifact.Id }, Platform.Admin);
    }

    // Lets one job take the only slot and hold it.
    private static async Task<Job> Occupy(Platform platform)
    {
        ((FakeGenerator)platform.Catalog.Generator!).Gate = new TaskCompletionSource();
        Job job = await platform.Send(Small, Platform.Bob);
        await platform.UntilAsync(job.Id, p => p is JobProgressed);
        return job;
    }
}

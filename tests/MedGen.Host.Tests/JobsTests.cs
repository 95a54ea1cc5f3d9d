using System.Net;
using System.Net.Http.Json;
using Grpc.Core;
using Grpc.Net.Client;
using MedGen.Client;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

public class JobsTests
{
    private static readonly string Clip = Path.Combine(AppContext.BaseDirectory, "lung_ultrasound.mp4");

    [Fact]
    public async Task Generate_ASmallClip_TellsProgressPreviewAndResult()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.GenerateVideoRequest request = RunningHost.Small();
        request.PreviewInterval = 1;

        List<Proto.JobEvent> updates = await ReadAsync(host.Client.Generation.GenerateAsync(request, RunningHost.Token));

        updates[0].Accepted.Kind.ShouldBe(Proto.JobKind.GenerateVideo);
        updates.ShouldContain(update => update.Progress != null);
        updates.ShouldContain(update => update.Preview != null && update.Preview.Png.Length > 8);
        Proto.Artifact result = updates.Single(update => update.Result != null).Result;
        result.Synthetic.ShouldBeTrue();
        result.Provenance.Seed.ShouldBe(7);
        result.Provenance.Width.ShouldBe(64);
        updates[^1].State.State.ShouldBe(Proto.JobState.Succeeded);
        string file = Path.Combine(host.Folder, "out.mp4");
        (await host.Client.Artifacts.DownloadAsync(result.ArtifactId, file, cancellationToken: RunningHost.Token)).Sha256.ShouldBe(result.Sha256);
    }

    [Fact]
    public async Task Generate_APrompt_NeverReachesTheLog()
    {
        const string Prompt = "zebrafish-of-patient-4711";
        await using RunningHost host = await RunningHost.StartAsync();

        await ReadAsync(host.Client.Generation.GenerateAsync(RunningHost.Small(Prompt), RunningHost.Token));
        host.Generator.Failure = new InvalidOperationException($"plugin died over {Prompt}");
        host.ExpectsErrors = true;
        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(() => ReadAsync(host.Client.Generation.GenerateAsync(RunningHost.Small(Prompt), RunningHost.Token)));

        error.StatusCode.ShouldBe(StatusCode.Internal);
        error.Message.ShouldNotContain(Prompt);
        host.Lines.ShouldNotBeEmpty();
        host.Lines.Where(line => line.Text.Contains(Prompt, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Generate_WithBadFields_NamesThemAll()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.GenerateVideoRequest request = new()
        {
            Prompt = "",
            Width = 17,
            Height = 48,
            NumFrames = 6,
            NumInferenceSteps = 201,
            GuidanceScale = 31,
            Wan = new() { Shift = 31 },
        };

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(() => ReadAsync(host.Client.Generation.GenerateAsync(request, RunningHost.Token)));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Violations.Select(v => v.Field).Distinct().ShouldBe(
            ["prompt", "width", "num_frames", "num_inference_steps", "guidance_scale", "wan.shift"], ignoreOrder: true);
        host.Generator.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Generate_WithUnknownSchedulerOrPluginOrSource_IsRefused()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.GenerateVideoRequest scheduler = RunningHost.Small();
        scheduler.Wan = new() { Scheduler = (Proto.GenerationScheduler)99 };
        Proto.GenerateVideoRequest plugin = RunningHost.Small();
        plugin.PluginId = "nobody";
        Proto.GenerateVideoRequest source = RunningHost.Small();
        source.SourceArtifactId = new string('0', 32);

        (await CodeOf(scheduler)).ShouldBe(StatusCode.InvalidArgument);
        (await CodeOf(plugin)).ShouldBe(StatusCode.NotFound);
        (await CodeOf(source)).ShouldBe(StatusCode.NotFound);

        async Task<StatusCode> CodeOf(Proto.GenerateVideoRequest request) =>
            (await Should.ThrowAsync<MedGenRpcException>(() => ReadAsync(host.Client.Generation.GenerateAsync(request, RunningHost.Token)))).StatusCode;
    }

    [Fact]
    public async Task Generate_WhenTheQueueIsFull_IsExhaustedWithATimeToRetry()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { MaxQueuedJobs = 1, MaxConcurrentJobs = 1 });
        Proto.Job running = await host.HoldJobAsync();
        await host.WaitForAsync(running.JobId, Proto.JobState.Running);
        await host.HoldJobAsync();

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(host.HoldJobAsync);

        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        error.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task Generate_WhenTheClientLeaves_GoesOn()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.Job job = await host.HoldJobAsync();
        host.Generator.Gate!.SetResult();

        await host.WaitForAsync(job.JobId, Proto.JobState.Succeeded);
    }

    [Fact]
    public async Task Generate_WhenTheClientLeavesAndSaidSo_IsCancelled()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.Generator.Gate = new TaskCompletionSource();
        Proto.GenerateVideoRequest request = RunningHost.Small();
        request.Options = new Proto.JobOptions { CancelOnDisconnect = true };
        string jobId = "";
        await foreach (Proto.JobEvent update in host.Client.Generation.GenerateAsync(request, RunningHost.Token))
        {
            jobId = update.Accepted?.JobId ?? jobId;
            if (update.State?.State == Proto.JobState.Running)
            {
                break;
            }
        }

        await host.WaitForAsync(jobId, Proto.JobState.Cancelled);
    }

    [Fact]
    public async Task Generate_WhenTheCallsDeadlinePasses_SaysSoAndTheJobGoesOn()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.Generator.Gate = new TaskCompletionSource();
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Endpoints.Grpc);
        using AsyncServerStreamingCall<Proto.JobEvent> call = new Proto.Generation.GenerationClient(channel)
            .GenerateVideo(RunningHost.Small(), deadline: DateTime.UtcNow.AddSeconds(2), cancellationToken: RunningHost.Token);
        string jobId = "";

        RpcException error = await Should.ThrowAsync<RpcException>(async () =>
        {
            await foreach (Proto.JobEvent update in call.ResponseStream.ReadAllAsync(RunningHost.Token))
            {
                jobId = update.Accepted?.JobId ?? jobId;
            }
        });

        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        host.Generator.Gate.SetResult();
        await host.WaitForAsync(jobId, Proto.JobState.Succeeded);
    }

    [Fact]
    public async Task Generate_WhenTheJobsTimePasses_EndsWithDeadlineExceeded()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.Generator.Gate = new TaskCompletionSource();
        Proto.GenerateVideoRequest request = RunningHost.Small();
        request.Options = new Proto.JobOptions { Timeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMilliseconds(300)) };

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(() => ReadAsync(host.Client.Generation.GenerateAsync(request, RunningHost.Token)));

        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(1, -1)]
    [InlineData(-1, 0)]
    [InlineData(8 * 86_400, 0)]
    public async Task Generate_WithATimeoutThatIsNone_NamesTheField(long seconds, int nanos)
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.GenerateVideoRequest request = RunningHost.Small();
        request.Options = new Proto.JobOptions { Timeout = new Google.Protobuf.WellKnownTypes.Duration { Seconds = seconds, Nanos = nanos } };

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(() => ReadAsync(host.Client.Generation.GenerateAsync(request, RunningHost.Token)));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Violations.ShouldHaveSingleItem().Field.ShouldEndWith("timeout");
    }

    [Fact]
    public async Task Generate_WhenItFailsInTheJob_EndsWithTheErrorsCodeReasonAndRetryTime()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.Generator.Failure = new ResourceExhaustedException("MEMORY_BUDGET", "9 GiB are needed; 4 GiB are free.", TimeSpan.FromSeconds(20))
        {
            Metadata = new Dictionary<string, string> { ["free_bytes"] = "4294967296" },
        };

        (MedGenRpcException error, Proto.JobError stored) = await FailAsync(host);

        (error.StatusCode, error.Reason, error.RetryAfter).ShouldBe((StatusCode.ResourceExhausted, "MEMORY_BUDGET", TimeSpan.FromSeconds(20)));
        error.Metadata["free_bytes"].ShouldBe("4294967296");
        error.Metadata.ShouldContainKey("job_id");
        (stored.Code, stored.Reason, stored.RetryAfter.ToTimeSpan()).ShouldBe(((int)StatusCode.ResourceExhausted, "MEMORY_BUDGET", TimeSpan.FromSeconds(20)));
        stored.Metadata["free_bytes"].ShouldBe("4294967296");
    }

    [Fact]
    public async Task Generate_WhenItsPluginWillBeBackLater_SaysWhen()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.Generator.Failure = new UnavailableException("LICENCE_SERVER", "The licence server does not answer.", TimeSpan.FromMinutes(2));

        (MedGenRpcException error, Proto.JobError stored) = await FailAsync(host);

        (error.StatusCode, error.Reason, error.RetryAfter).ShouldBe((StatusCode.Unavailable, "LICENCE_SERVER", TimeSpan.FromMinutes(2)));
        stored.RetryAfter.ToTimeSpan().ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Generate_WhenTheJobFindsTheRequestWrong_NamesTheField()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.Generator.Failure = new InvalidInputException("num_frames", "got 7; allowed: 4k + 1.");

        (MedGenRpcException error, Proto.JobError stored) = await FailAsync(host);

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("num_frames");
        stored.Violations.ShouldHaveSingleItem().Description.ShouldBe("got 7; allowed: 4k + 1.");
    }

    [Fact]
    public async Task Delete_AJob_TakesItOnceItHasEnded()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.Job job = await host.HoldJobAsync();

        (await Should.ThrowAsync<MedGenRpcException>(() => host.Client.Jobs.DeleteAsync(job.JobId, RunningHost.Token))).Reason.ShouldBe("JOB_NOT_ENDED");
        host.Generator.Gate!.SetResult();
        await host.WaitForAsync(job.JobId, Proto.JobState.Succeeded);
        await host.Client.Jobs.DeleteAsync(job.JobId, RunningHost.Token);

        (await Should.ThrowAsync<MedGenRpcException>(() => host.Client.Jobs.GetAsync(job.JobId, RunningHost.Token))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Cancel_ARunningJob_EndsItsStreamWithCancelled()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.Job job = await host.HoldJobAsync();
        await host.WaitForAsync(job.JobId, Proto.JobState.Running);

        await host.Client.Jobs.CancelAsync(job.JobId, RunningHost.Token);

        await host.WaitForAsync(job.JobId, Proto.JobState.Cancelled);
        (await host.Client.Jobs.GetAsync(job.JobId, RunningHost.Token)).State.ShouldBe(Proto.JobState.Cancelled);
    }

    [Fact]
    public async Task Watch_AfterAnEvent_GivesTheRestOnly()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        string jobId = (await ReadAsync(host.Client.Generation.GenerateAsync(RunningHost.Small(), RunningHost.Token)))[0].Accepted.JobId;
        List<Proto.JobEvent> all = await ReadAsync(host.Client.Jobs.WatchAsync(jobId, cancellationToken: RunningHost.Token));

        List<Proto.JobEvent> rest = await ReadAsync(host.Client.Jobs.WatchAsync(jobId, afterEvent: 2, cancellationToken: RunningHost.Token));

        all.Select(one => one.Number).ShouldBe(Enumerable.Range(1, all.Count).Select(number => (long)number));
        rest.ShouldBe(all.Skip(2));
    }

    [Fact]
    public async Task StopAndStart_WithARunningJob_RunsItAgain()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.Job job = await host.HoldJobAsync();
        await host.WaitForAsync(job.JobId, Proto.JobState.Running);

        await host.StopHostAsync();
        host.Generator.Gate!.SetResult();
        await host.StartHostAsync();

        List<Proto.JobEvent> events = await ReadAsync(host.Client.Jobs.WatchAsync(job.JobId, cancellationToken: RunningHost.Token));
        events.Where(one => one.State != null).Select(one => one.State.State).ShouldBe(
            [Proto.JobState.Queued, Proto.JobState.Running, Proto.JobState.Queued, Proto.JobState.Running, Proto.JobState.Succeeded]);
    }

    [Fact]
    public async Task Jobs_OnADamagedClip_EndWithDataLossAndItsId()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        host.ExpectsErrors = true;
        Proto.Artifact clip = await host.Client.Artifacts.UploadAsync(Clip, cancellationToken: RunningHost.Token);
        string stored = Directory.GetFiles(host.Folder, clip.Sha256, SearchOption.AllDirectories).Single();
        byte[] bytes = await File.ReadAllBytesAsync(stored, RunningHost.Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(stored, bytes, RunningHost.Token);
        Proto.GenerateVideoRequest generation = RunningHost.Small();
        (generation.SourceArtifactId, generation.Strength) = (clip.ArtifactId, 0.5);
        Proto.AugmentDatasetRequest augmentation = new() { DatasetArtifactId = clip.ArtifactId };

        foreach (Func<Task> job in new Func<Task>[]
        {
            () => ReadAsync(host.Client.Analysis.AnalyzeAsync(new() { Inputs = { new Proto.AnalysisInput { ArtifactId = clip.ArtifactId } }, Task = "brightness" }, RunningHost.Token)),
            () => ReadAsync(host.Client.Generation.GenerateAsync(generation, RunningHost.Token)),
            () => ReadAsync(host.Client.Augmentation.AugmentAsync(augmentation, RunningHost.Token)),
        })
        {
            MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(job);
            error.StatusCode.ShouldBe(StatusCode.DataLoss);
            error.Reason.ShouldBe("ARTIFACT_DAMAGED");
            error.Message.ShouldContain(clip.ArtifactId);
        }
    }

    [Fact]
    public async Task Transcoding_JsonInAndOut_ReachesTheSameServices()
    {
        await using RunningHost host = await RunningHost.StartAsync();

        using HttpResponseMessage generated = await host.Http.PostAsJsonAsync(
            "/v1/videos:generate", new { prompt = "a heart beats", width = 64, height = 48, numFrames = 5, numInferenceSteps = 2, guidanceScale = 0 }, RunningHost.Token);
        string stream = await generated.Content.ReadAsStringAsync(RunningHost.Token);
        using HttpResponseMessage refused = await host.Http.PostAsJsonAsync("/v1/videos:generate", new { prompt = "" }, RunningHost.Token);

        generated.StatusCode.ShouldBe(HttpStatusCode.OK);
        stream.ShouldContain("JOB_STATE_SUCCEEDED");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("INVALID_INPUT");
        string jobs = await host.Http.GetStringAsync("/v1/jobs?page_size=10", RunningHost.Token);
        jobs.ShouldContain("JOB_KIND_GENERATE_VIDEO");
        (await host.Http.GetStringAsync("/v1/model", RunningHost.Token)).ShouldContain("mini");
        (await host.Http.GetStringAsync("/v1/plugins", RunningHost.Token)).ShouldContain("fake");
        using HttpResponseMessage disabled = await host.Http.PostAsync("/v1/plugins/fake:disable", null, RunningHost.Token);
        (await disabled.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("PLUGIN_STATE_DISABLED");
        using HttpResponseMessage unknown = await host.Http.GetAsync($"/v1/jobs/{new string('0', 32)}", RunningHost.Token);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<(MedGenRpcException Error, Proto.JobError Stored)> FailAsync(RunningHost host)
    {
        string jobId = "";
        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(async () =>
        {
            await foreach (Proto.JobEvent one in host.Client.Generation.GenerateAsync(RunningHost.Small(), RunningHost.Token))
            {
                jobId = one.Accepted?.JobId ?? jobId;
            }
        });
        return (error, (await host.Client.Jobs.GetAsync(jobId, RunningHost.Token)).Error);
    }

    private static Task<List<T>> ReadAsync<T>(IAsyncEnumerable<T> stream) => stream.ToListAsync(RunningHost.Token).AsTask();
}

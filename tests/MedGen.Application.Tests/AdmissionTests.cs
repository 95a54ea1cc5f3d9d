using MedGen.Application.Auditing;
using MedGen.Application.Artifacts;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Tests;

public sealed class AdmissionTests
{
    private static GenerateVideo Small { get; } = new() { Prompt = "a secret prompt", Width = 32, Height = 16, NumFrames = 5, NumInferenceSteps = 2 };

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

        // Written once, and once more with how often it came again.
        await platform.StopHostAsync();
        await platform.StartHostAsync();
        (await platform.Audit.ReadAsync(new AuditQuery { Outcome = "QUEUE_FULL" }, Platform.Token)).Select(r => r.Entry.Count).ShouldBe([1, 6]);
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
        await using Platform platform = await Platform.StartAsync(storage: o => o.MinFreeBytes = 1L << 50);

        (await Should.ThrowAsync<ResourceExhaustedException>(() => platform.UploadAsync([1]))).Reason.ShouldBe("DISK_FULL");
    }

    [Fact]
    public async Task Admission_MoreUploadsAtOnceThanACallerMay_RefusesTheNext()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MaxStreamsPerCaller = 1);
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Artifact> slow = platform.Send(new UploadArtifact { FileName = "a.mp4", MediaType = "video/mp4", Chunks = SlowlyAsync() }, Platform.Ann);
        await began.Task;

        (await Should.ThrowAsync<ResourceExhaustedException>(() => platform.UploadAsync([1]))).Reason.ShouldBe("STREAMS_FULL");
        rest.SetResult();
        (await slow).Size.ShouldBe(2);
        (await platform.UploadAsync([1])).Size.ShouldBe(1);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> SlowlyAsync()
        {
            yield return new byte[] { 1 };
            began.SetResult();
            await rest.Task;
            yield return new byte[] { 2 };
        }
    }

    [Fact]
    public async Task Admission_DeadlinePassed_DoesNothing()
    {
        await using Platform platform = await Platform.StartAsync();

        await Should.ThrowAsync<DeadlineExceededException>(() => platform.Send(Small, Platform.Ann, platform.Time.GetUtcNow()));

        (await platform.Send(new ListJobs(), Platform.Ann)).Jobs.ShouldBeEmpty();
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

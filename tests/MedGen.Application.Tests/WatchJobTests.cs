using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Application.Tests;

public sealed class WatchJobTests
{
    private static CancellationToken Token => Platform.Token;

    private static GenerateVideo Small { get; } = new() { Prompt = "x", Width = 16, Height = 16, NumFrames = 1, NumInferenceSteps = 1 };

    [Fact]
    public async Task Watch_WhileManyWrite_SeesEveryEventOnceInOrder()
    {
        await using Platform platform = await Platform.StartAsync();
        (Job job, TaskCompletionSource gate) = await HoldAsync(platform);
        JobQueue log = platform.Services.GetRequiredService<JobQueue>();

        Task<List<JobEvent>>[] watchers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => platform.WatchAsync(job.Id)))];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < 60; i++)
            {
                await log.AppendAsync(job.Id, new JobProgressed { Stage = JobStage.Denoising, StepsDone = i, StepsTotal = 60 }, Token);
            }
        })));
        gate.SetResult();

        foreach (List<JobEvent> seen in await Task.WhenAll(watchers))
        {
            seen.Count.ShouldBeGreaterThan(240);
            seen.Select(e => e.Number).ShouldBe(Enumerable.Range(1, seen.Count).Select(n => (long)n));
            seen[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
        }
    }

    [Fact]
    public async Task Watch_AfterAnEvent_GoesOnFromThere()
    {
        await using Platform platform = await Platform.StartAsync();
        Job job = await platform.Send(Small, Platform.Ann);
        List<JobEvent> all = await platform.WatchAsync(job.Id);

        (await platform.WatchAsync(job.Id, afterEvent: 2)).Select(e => e.Number).ShouldBe(all.Skip(2).Select(e => e.Number));
        (await platform.WatchAsync(job.Id, afterEvent: all.Count)).ShouldBeEmpty();
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => platform.WatchAsync(job.Id, all.Count + 1));
        error.Violations[0].Field.ShouldBe("after_event");
    }

    [Fact]
    public async Task Watch_ClientLeaves_JobGoesOn()
    {
        await using Platform platform = await Platform.StartAsync();
        (Job job, TaskCompletionSource gate) = await HoldAsync(platform);

        await LeaveAsync(platform, new WatchJob { JobId = job.Id });
        gate.SetResult();

        (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Watch_ClientLeavesWithCancelOnDisconnect_CancelsTheJob()
    {
        await using Platform platform = await Platform.StartAsync();
        (Job job, _) = await HoldAsync(platform);

        await LeaveAsync(platform, new WatchJob { JobId = job.Id, CancelOnDisconnect = true });

        (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Watch_CancelOnDisconnectOfSomebodyElsesJob_IsRefused()
    {
        await using Platform platform = await Platform.StartAsync();
        (Job job, TaskCompletionSource gate) = await HoldAsync(platform);

        await Should.ThrowAsync<AccessDeniedException>(() =>
            platform.Stream(new WatchJob { JobId = job.Id, CancelOnDisconnect = true }, Platform.Bob, Token).ToListAsync(Token).AsTask());
        gate.SetResult();

        (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Watch_HostStops_EndsAsUnavailableAndTheJobIsNotCancelled()
    {
        await using Platform platform = await Platform.StartAsync();
        (Job job, _) = await HoldAsync(platform);
        await using IAsyncEnumerator<JobEvent> watch =
            platform.Stream(new WatchJob { JobId = job.Id, CancelOnDisconnect = true }, Platform.Ann, Token).GetAsyncEnumerator(Token);
        ValueTask<bool> next = watch.MoveNextAsync();

        // The handler waits now or will: either way the stop ends it, after the event that the job is queued again if that comes first.
        platform.Lifetime.StopApplication();
        UnavailableException error = await Should.ThrowAsync<UnavailableException>(async () =>
        {
            while (await next)
            {
                next = watch.MoveNextAsync();
            }
        });

        error.Reason.ShouldBe("HOST_STOPPING");
        await platform.StopHostAsync();
        ((FakeGenerator)platform.Catalog.Generator!).Gate = null;
        await platform.StartHostAsync();
        (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Watch_MoreThanACallerMay_IsRefusedUntilOneEnds()
    {
        await using Platform platform = await Platform.StartAsync(options => options.MaxStreamsPerCaller = 2);
        (Job job, TaskCompletionSource gate) = await HoldAsync(platform);
        WatchJob watch = new() { JobId = job.Id };
        IAsyncEnumerator<JobEvent>[] open = [.. Enumerable.Range(0, 2).Select(_ => platform.Stream(watch, Platform.Ann, Token).GetAsyncEnumerator(Token))];
        foreach (IAsyncEnumerator<JobEvent> one in open)
        {
            await one.MoveNextAsync();
        }

        (await Should.ThrowAsync<ResourceExhaustedException>(() => platform.Stream(watch, Platform.Ann, Token).FirstAsync(Token).AsTask())).Reason.ShouldBe("STREAMS_FULL");
        (await platform.Stream(watch, Platform.Bob, Token).FirstAsync(Token)).Number.ShouldBe(1);
        await open[0].DisposeAsync();
        (await platform.Stream(watch, Platform.Ann, Token).FirstAsync(Token)).Number.ShouldBe(1);
        await open[1].DisposeAsync();
        gate.SetResult();
    }

    private static async Task LeaveAsync(Platform platform, WatchJob watch)
    {
        using CancellationTokenSource leave = new();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (JobEvent item in platform.Stream(watch, Platform.Ann, leave.Token))
            {
                if (item.Payload is JobProgressed)
                {
                    await leave.CancelAsync();
                }
            }
        });
    }

    private static async Task<(Job Job, TaskCompletionSource Gate)> HoldAsync(Platform platform)
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ((FakeGenerator)platform.Catalog.Generator!).Gate = gate;
        Job job = await platform.Send(Small, Platform.Ann);
        await platform.UntilAsync(job.Id, p => p is JobProgressed);
        return (job, gate);
    }
}

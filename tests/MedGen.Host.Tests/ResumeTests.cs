using System.Net;
using System.Runtime.InteropServices;
using MedGen.Runtime.Execution;
using Microsoft.Extensions.DependencyInjection;
using Proto = MedGen.Protos.V1;

#pragma warning disable CA2201 // It is what TorchSharp throws where libtorch does.

namespace MedGen.Host.Tests;

/// <summary>The whole platform, ended in the middle of a clip and started again: the same frames come out.</summary>
public class ResumeTests
{
    private static readonly Proto.GenerateVideoRequest Clip = new()
    {
        Prompt = "a heart beats", Width = 64, Height = 64, NumFrames = 9, NumInferenceSteps = 100, Seed = 7, Deterministic = true,
    };

    [Fact]
    public async Task Stop_InTheMiddleOfAClip_GoesOnAtTheNextStartWithTheSameFrames()
    {
        await using RunningHost host = await RunningHost.StartRealAsync();
        string expected = await UndisturbedAsync(host);
        string job = await UntilSavedAsync(host);

        await host.StopHostAsync();
        await host.StartHostAsync();

        List<Proto.JobEvent> events = await WatchAsync(host, job);
        int saved = SavedBeforeTheStop(events);
        saved.ShouldBeGreaterThanOrEqualTo(5);
        events.SkipWhile(one => one.State?.Note is not { Length: > 0 }).First(one => one.Progress?.Stage == Proto.JobStage.Denoising).Progress.StepsDone.ShouldBe(saved);
        (await ResultFrames.HashAsync(host, events.Last(one => one.Result is not null).Result.ArtifactId)).ShouldBe(expected);
    }

    [Fact, Long]
    public async Task DeviceFault_InTheMiddleOfAClip_TurnsReadinessOffAndLosesNothing()
    {
        await using RunningHost host = await RunningHost.StartRealAsync();
        host.ExpectsErrors = true;
        string expected = await UndisturbedAsync(host);
        string job = await UntilSavedAsync(host);
        (await host.Http.GetAsync("/readyz", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        host.Services.GetRequiredService<DeviceExecutor>().Fault = () => throw new ExternalException("CUDA error: device-side assert triggered");
        Proto.JobEvent back = await UntilAsync(host, job, one => one.State is { State: Proto.JobState.Queued, Note.Length: > 0 });

        back.State.Note.ShouldContain("The device failed; the job goes on after step");
        (await host.Http.GetAsync("/readyz", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await host.StopHostAsync();
        await host.StartHostAsync();
        List<Proto.JobEvent> events = await WatchAsync(host, job);
        (await ResultFrames.HashAsync(host, events.Last(one => one.Result is not null).Result.ArtifactId)).ShouldBe(expected);
    }

    private static int SavedBeforeTheStop(List<Proto.JobEvent> events) =>
        events.TakeWhile(one => one.State?.Note is not { Length: > 0 }).Last(one => one.Checkpoint is not null).Checkpoint.Step;

    private static async Task<string> UndisturbedAsync(RunningHost host)
    {
        Proto.Artifact? result = null;
        await foreach (Proto.JobEvent update in host.Client.Generation.GenerateAsync(Clip, RunningHost.Token))
        {
            result = update.Result ?? result;
        }

        return await ResultFrames.HashAsync(host, result!.ArtifactId);
    }

    private static async Task<string> UntilSavedAsync(RunningHost host)
    {
        await foreach (Proto.JobEvent response in host.Client.Generation.GenerateAsync(Clip, RunningHost.Token))
        {
            await UntilAsync(host, response.Accepted.JobId, one => one.Checkpoint is not null);
            return response.Accepted.JobId;
        }

        throw new InvalidOperationException("The job was not accepted.");
    }

    private static async Task<Proto.JobEvent> UntilAsync(RunningHost host, string job, Func<Proto.JobEvent, bool> condition)
    {
        await foreach (Proto.JobEvent one in host.Client.Jobs.WatchAsync(job, cancellationToken: RunningHost.Token))
        {
            if (condition(one))
            {
                return one;
            }
        }

        throw new InvalidOperationException("The job ended without it.");
    }

    private static async Task<List<Proto.JobEvent>> WatchAsync(RunningHost host, string job)
    {
        List<Proto.JobEvent> events = [];
        await foreach (Proto.JobEvent one in host.Client.Jobs.WatchAsync(job, cancellationToken: RunningHost.Token))
        {
            events.Add(one);
        }

        events[^1].State.State.ShouldBe(Proto.JobState.Succeeded);
        return events;
    }
}

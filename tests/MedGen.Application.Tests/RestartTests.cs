using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;

namespace MedGen.Application.Tests;

public sealed class RestartTests
{
    private static CancellationToken Token => Platform.Token;

    private static GenerateVideo Small { get; } = new() { Prompt = "x", Width = 16, Height = 16, NumFrames = 1, NumInferenceSteps = 1 };

    [Fact]
    public async Task Stop_WhileRunning_PutsTheJobBackAndTheNextStartRunsItAlike()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MaxConcurrentJobs = 1);
        FakeGenerator generator = (FakeGenerator)platform.Catalog.Generator!;
        generator.Gate = new TaskCompletionSource();
        Job running = await platform.Send(Small, Platform.Ann);
        await platform.UntilAsync(running.Id, p => p is JobProgressed);
        Job waiting = await platform.Send(Small, Platform.Ann);

        await platform.StopHostAsync();
        generator.Gate = null;
        await platform.StartHostAsync();

        List<JobEvent> events = await platform.WatchAsync(running.Id);
        await platform.WatchAsync(waiting.Id);
        events.Select(e => e.Payload).OfType<JobStateChanged>().Select(s => (s.State, s.Attempt)).ShouldBe(
        [
            (JobState.Queued, 0), (JobState.Running, 1), (JobState.Queued, 0), (JobState.Running, 1), (JobState.Succeeded, 1),
        ]);
        events.ShouldContain(e => e.Payload is JobStateChanged && ((JobStateChanged)e.Payload).Note == "The host stopped; the job goes on at its next start.");
        events.Select(e => e.Number).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n));
        generator.Requests.Count.ShouldBe(3);
        generator.Requests[1].Seed.ShouldBe(generator.Requests[0].Seed);
        generator.Requests[2].Seed.ShouldNotBe(generator.Requests[0].Seed);
    }

    [Fact]
    public async Task Start_AfterACrash_RunsTheJobAgainAndCountsTheAttempt()
    {
        await using Platform platform = await Platform.StartAsync();
        Job job = await CrashAsync(platform, crashes: 1);

        List<JobEvent> events = await platform.WatchAsync(job.Id);

        events.Select(e => e.Payload).OfType<JobStateChanged>().Select(s => (s.State, s.Attempt)).ShouldBe(
        [
            (JobState.Queued, 0), (JobState.Running, 1), (JobState.Queued, 1), (JobState.Running, 2), (JobState.Succeeded, 2),
        ]);
    }

    [Fact]
    public async Task Start_AJobWhosePluginWasCalledAtACrash_RunsAloneAndAfterAllOthers()
    {
        await using Platform platform = await Platform.StartAsync(options => options.MaxConcurrentJobs = 2);

        Job suspect = await CrashAsync(platform, crashes: 1, othersWaiting: 2, isSuspect: true);

        (await platform.WatchAsync(suspect.Id))[^1].Payload.ShouldBe(new JobStateChanged { State = JobState.Succeeded, Attempt = 2 });
        platform.Journal.Begun.Count.ShouldBe(3);
        platform.Journal.Begun.Last().ShouldBe(suspect.Id);
        platform.Journal.Ended.ShouldBe([true, true, true]);
    }

    [Fact]
    public async Task Stop_WhileASuspectedJobWaits_PutsItBackWithoutCountingTheStart()
    {
        await using Platform platform = await Platform.StartAsync(options => options.MaxConcurrentJobs = 2);
        FakeGenerator generator = (FakeGenerator)platform.Catalog.Generator!;
        generator.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Job suspect = await CrashAsync(platform, crashes: 1, othersWaiting: 1, isSuspect: true);
        await platform.UntilAsync((await platform.Jobs.ListAsync(new JobQuery(), Token)).Jobs[0].Id, payload => payload is JobProgressed);

        await platform.StopHostAsync();
        generator.Gate = null;
        platform.Journal.Suspects.Clear();
        await platform.StartHostAsync();

        List<JobEvent> events = await platform.WatchAsync(suspect.Id);
        events.Select(e => e.Payload).OfType<JobStateChanged>().Select(s => (s.State, s.Attempt)).ShouldBe(
        [
            (JobState.Queued, 0), (JobState.Running, 1), (JobState.Queued, 1), (JobState.Running, 2), (JobState.Queued, 1), (JobState.Running, 2),
            (JobState.Succeeded, 2),
        ]);
    }

    [Fact]
    public async Task Start_WithAModelOfOtherDefaults_MakesTheClipThatWasAskedFor()
    {
        await using Platform platform = await Platform.StartAsync();
        FakeGenerator generator = (FakeGenerator)platform.Catalog.Generator!;
        generator.Gate = new TaskCompletionSource();
        Job job = await platform.Send(new GenerateVideo { Prompt = "x", NumFrames = 5 }, Platform.Ann);
        await platform.UntilAsync(job.Id, p => p is JobProgressed);

        await platform.StopHostAsync();
        generator.Gate = null;
        platform.Model!.Description = platform.Model.Description with { Defaults = new GenerationDefaults { Width = 64, NumFrames = 13, Shift = 1 } };
        await platform.StartHostAsync();
        await platform.WatchAsync(job.Id);

        VideoGenerationRequest again = generator.Requests[1];
        (again.Width, again.Height, again.NumFrames, again.FramesPerSecond).ShouldBe((48, 32, 5, 5));
        (again.NumInferenceSteps, again.GuidanceScale, again.Wan.Shift).ShouldBe((3, 2, 4));
    }

    [Fact]
    public async Task Stop_AfterSomeSteps_KeepsTheCheckpointAndTheNextStartGoesOnThere()
    {
        await using Platform platform = await Platform.StartAsync(o => o.CheckpointInterval = 2);
        FakeGenerator generator = (FakeGenerator)platform.Catalog.Generator!;
        generator.StopAfter = 5;
        Job job = await platform.Send(Small with { NumInferenceSteps = 7 }, Platform.Ann);
        await platform.UntilAsync(job.Id, p => p is JobCheckpointed { Step: 4 });

        await platform.StopHostAsync();
        Directory.GetFiles(Path.Combine(platform.Folder, "checkpoints")).ShouldHaveSingleItem();
        generator.StopAfter = 0;
        await platform.StartHostAsync();

        List<JobEvent> events = await platform.WatchAsync(job.Id);
        generator.Requests[^1].Service.Checkpoint.ShouldNotBeNull().Content.ToArray().ShouldBe([4]);
        events.Select(e => e.Payload).OfType<JobCheckpointed>().Select(c => c.Step).ShouldBe([2, 4, 6]);
        events[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
        Directory.GetFiles(Path.Combine(platform.Folder, "checkpoints")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_WithAJobThatAnotherVersionStored_FailsItAndSaysSo()
    {
        await using Platform platform = await Platform.StartAsync();
        Job job = await platform.Jobs.CreateAsync(new NewJob { Kind = JobKind.Generation, Owner = "ann", Request = """{ "prompt": "x" }""" }, Platform.Token);
        await platform.StopHostAsync();
        await platform.StartHostAsync();

        JobStateChanged end = (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>();

        (end.State, end.Error!.Code, end.Error.Reason).ShouldBe((JobState.Failed, ErrorCode.FailedPrecondition, "JOB_FORMAT"));
    }

    [Fact]
    public async Task Start_WithADamagedCheckpoint_SaysSoAndStartsFromTheBeginning()
    {
        await using Platform platform = await Platform.StartAsync();
        Job job = await CrashAsync(platform, crashes: 1, checkpoint: [1, 2, 3]);

        List<JobEvent> events = await platform.WatchAsync(job.Id);

        events.Select(e => e.Payload).OfType<JobRestarted>().ShouldHaveSingleItem().Reason.ShouldBe("It is damaged.");
        events[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Start_AfterManyCrashesThatEachLeftACheckpoint_GoesOn()
    {
        await using Platform platform = await Platform.StartAsync();
        Job job = await CrashAsync(platform, crashes: 1, checkpoint: [1], advances: true);

        List<JobEvent> events = await platform.WatchAsync(job.Id);

        JobStateChanged again = events.Select(e => e.Payload).OfType<JobStateChanged>().Where(s => s.State == JobState.Queued).Last();
        (again.Attempt, again.Note).ShouldBe((0, "The host ended unexpectedly; the job goes on after step 1."));
        events[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Start_AfterACrashThatLedNowhere_SavesEachStep()
    {
        await using Platform platform = await Platform.StartAsync();
        FakeGenerator generator = (FakeGenerator)platform.Catalog.Generator!;
        await platform.WatchAsync((await platform.Send(Small, Platform.Ann)).Id);
        generator.Requests[^1].Service.CheckpointInterval.ShouldBe(5);

        await platform.WatchAsync((await CrashAsync(platform, crashes: 1)).Id);

        generator.Requests[^1].Service.CheckpointInterval.ShouldBe(1);
    }

    [Fact]
    public async Task DeviceFault_WhileJobsRun_PutsThemBackAndStartsNoOtherUntilTheNextStart()
    {
        await using Platform platform = await Platform.StartAsync(o => o.MaxConcurrentJobs = 1);
        FakeGenerator generator = (FakeGenerator)platform.Catalog.Generator!;
        generator.Failure = new DeviceFaultException("The device has failed.");
        Job first = await platform.Send(Small, Platform.Ann);
        await platform.UntilAsync(first.Id, p => p is JobStateChanged { State: JobState.Queued, Note: not null });
        Job second = await platform.Send(Small, Platform.Ann);

        (await platform.Jobs.FindAsync(second.Id, Token))!.State.ShouldBe(JobState.Queued);
        await platform.StopHostAsync();
        generator.Requests.Count.ShouldBe(1);
        generator.Failure = null;
        await platform.StartHostAsync();

        foreach (Job job in new[] { first, second })
        {
            (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Succeeded);
        }
    }

    [Fact]
    public async Task Start_AfterTenCrashesThatLedNowhere_GivesUp()
    {
        await using Platform platform = await Platform.StartAsync();
        Job job = await CrashAsync(platform, crashes: 10);

        JobStateChanged end = (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>();

        end.State.ShouldBe(JobState.Failed);
        end.Error.ShouldNotBeNull().Reason.ShouldBe("ATTEMPTS_EXHAUSTED");
    }

    [Fact]
    public async Task Start_CancelledBeforeTheCrash_Cancels()
    {
        await using Platform platform = await Platform.StartAsync();
        Job job = await CrashAsync(platform, crashes: 1, cancel: true);

        (await platform.WatchAsync(job.Id))[^1].Payload.ShouldBeOfType<JobStateChanged>().State.ShouldBe(JobState.Cancelled);
    }

    // Leaves in the store what a host leaves that is killed while the job runs, then starts the host.
    private static async Task<Job> CrashAsync(
        Platform platform, int crashes, bool cancel = false, byte[]? checkpoint = null, bool advances = false, int othersWaiting = 0, bool isSuspect = false)
    {
        await platform.StopHostAsync();
        Job job;
        await using (Stores stores = new(platform.Folder))
        {
            ResolvedGeneration resolved = new() { Request = Small.Resolve(new FakeModel().Description.Defaults, seed: 1) };
            string request = System.Text.Json.JsonSerializer.Serialize(resolved, JobJson.Options);
            job = await stores.Jobs.CreateAsync(new NewJob { Kind = JobKind.Generation, Owner = "ann", Request = request }, Token);
            for (int i = 1; i <= crashes; i++)
            {
                await stores.Jobs.ClaimNextAsync(64, 64, Token);
                if (i < crashes)
                {
                    await stores.Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Queued, Attempt = i }, Token);
                }
            }

            for (int i = 0; i < othersWaiting; i++)
            {
                await stores.Jobs.CreateAsync(new NewJob { Kind = JobKind.Generation, Owner = "ann", Request = request }, Token);
            }

            if (isSuspect)
            {
                platform.Journal.Suspects.Add(job.Id);
            }

            if (checkpoint is not null)
            {
                await stores.Checkpoints.SaveAsync(job.Id, checkpoint, Token);
            }

            if (advances)
            {
                await stores.Jobs.AppendAsync(job.Id, new JobCheckpointed { Step = checkpoint![0] }, Token);
            }

            if (cancel)
            {
                await stores.Jobs.RequestCancelAsync(job.Id, Token);
            }
        }

        await platform.StartHostAsync();
        return job;
    }
}

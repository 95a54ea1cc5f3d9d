using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Cli.Tests.Clusters;

/// <summary>Hosts that share jobs and files, as their users run them.</summary>
[Long]
public sealed class ClusterTests
{
    private static readonly GenerateVideoRequest Clip = new()
    {
        Prompt = "a heart beats", Width = 64, Height = 64, NumFrames = 9, NumInferenceSteps = 60, Seed = 7, Deterministic = true,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_OfTwoRoles_ShareJobsEventsCancelsAndFiles()
    {
        await using TestCluster cluster = new();
        using MedGenClient front = await cluster.StartAsync("a", "front");
        using MedGenClient worker = await cluster.StartAsync("b", "worker");

        // Asked of the one, done by the other, watched at both.
        string job = await TestCluster.AskAsync(front, Clip);
        List<JobEvent>[] watched = await Task.WhenAll(TestCluster.WatchAsync(front, job), TestCluster.WatchAsync(worker, job));
        watched[0].Select(one => one.Number).ShouldBe(Enumerable.Range(1, watched[0].Count).Select(number => (long)number));
        watched[0].ShouldBe(watched[1]);
        watched[0][^1].State.State.ShouldBe(JobState.Succeeded);
        string result = watched[0].Single(one => one.Result is not null).Result.ArtifactId;
        (await cluster.FramesAsync(front, result)).ShouldBe(await cluster.FramesAsync(worker, result));

        // From an event number on, at the host that did not do it.
        List<JobEvent> rest = [];
        await foreach (JobEvent one in front.Jobs.WatchAsync(job, watched[0].Count - 2, Token))
        {
            rest.Add(one);
        }

        rest.ShouldBe(watched[0].TakeLast(2));

        // Cancelled at the one while the other runs it.
        string longer = await TestCluster.AskAsync(front, Long(1));
        int steps = 0;
        await foreach (JobEvent one in Watch(front, longer))
        {
            if (one.Progress is { Stage: JobStage.Denoising } && steps++ == 0)
            {
                await front.Jobs.CancelAsync(longer, Token);
            }
        }

        (await front.Jobs.GetAsync(longer, Token)).State.ShouldBe(JobState.Cancelled);

        (await Should.ThrowAsync<MedGenRpcException>(() => TestCluster.AskAsync(worker, Clip))).Reason.ShouldBe("HOST_TAKES_NO_REQUESTS");
        (int code, string output, string error) = await MedGenCommand.RunAsync("cluster", "status", "--cluster", cluster.Servers, "--wait", "2");
        code.ShouldBe(0, error);
        output.ShouldContain("a  front, test, 0 jobs");
        output.ShouldContain("b  worker, test, 0 jobs");

        // A worker that drains begins nothing; the job waits for another one.
        (code, _, error) = await MedGenCommand.RunAsync("cluster", "drain", "b", "--cluster", cluster.Servers);
        code.ShouldBe(0, error);
        string waiting = await TestCluster.AskAsync(front, Clip);
        await Task.Delay(TimeSpan.FromSeconds(3), Token);
        (await front.Jobs.GetAsync(waiting, Token)).State.ShouldBe(JobState.Queued);
        using MedGenClient other = await cluster.StartAsync("c");
        (await TestCluster.WatchAsync(front, waiting))[^1].State.State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Worker_KilledInTheMiddleOfAClip_IsFollowedByAnotherWithTheSameFrames()
    {
        await using TestCluster cluster = new();
        using MedGenClient front = await cluster.StartAsync("a", "front");
        using MedGenClient first = await cluster.StartAsync("b", "worker");
        List<JobEvent> undisturbed = await TestCluster.WatchAsync(front, await TestCluster.AskAsync(front, Long(7)));
        string expected = await cluster.FramesAsync(front, undisturbed.Single(one => one.Result is not null).Result.ArtifactId);

        string job = await TestCluster.AskAsync(front, Long(7));
        List<JobEvent> events = [];
        int saved = 0;
        await foreach (JobEvent one in front.Jobs.WatchAsync(job, cancellationToken: Token))
        {
            events.Add(one);
            if (saved == 0 && one.Checkpoint is not null)
            {
                saved = one.Checkpoint.Step;
                await cluster.KillAsync("b");
                _ = await cluster.StartAsync("c", "worker");
            }
        }

        events.Select(one => one.Number).ShouldBe(Enumerable.Range(1, events.Count).Select(number => (long)number));
        events.Where(one => one.State is not null).Select(one => one.State.State).ShouldBe(
            [JobState.Queued, JobState.Running, JobState.Queued, JobState.Running, JobState.Succeeded]);
        events.Select(one => one.State?.Note ?? "").ShouldContain(note => note.StartsWith("The host that ran it is gone; the job goes on after step "));
        events.SkipWhile(one => one.State?.Note is not { Length: > 0 }).First(one => one.Progress?.Stage == JobStage.Denoising).Progress.StepsDone
            .ShouldBeGreaterThanOrEqualTo(saved);
        (await cluster.FramesAsync(front, events.Single(one => one.Result is not null).Result.ArtifactId)).ShouldBe(expected);
    }

    private static GenerateVideoRequest Long(long seed) => new(Clip) { NumInferenceSteps = 150, Seed = seed };

    private static async IAsyncEnumerable<JobEvent> Watch(MedGenClient client, string job)
    {
        await using IAsyncEnumerator<JobEvent> events = client.Jobs.WatchAsync(job, cancellationToken: Token).GetAsyncEnumerator(Token);
        while (await NextAsync())
        {
            yield return events.Current;
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (MedGenRpcException)
            {
                return false;
            }
        }
    }
}

using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Cli.Tests.Clusters;

/// <summary>Three hosts, three NATS servers, and no mercy: every job is done once, and every watcher learns of it.</summary>
[Long]
public sealed class ChaosTests
{
    private const int Jobs = 30;
    private const int Seeds = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_WhileHostsAndServersAreKilled_AreEachDoneOnce()
    {
        await using TestCluster cluster = new(natsServers: 3);
        using MedGenClient a = await cluster.StartAsync("a");
        using MedGenClient b = await cluster.StartAsync("b");
        using MedGenClient c = await cluster.StartAsync("c");
        List<string> jobs = [];
        for (int i = 0; i < Jobs; i++)
        {
            jobs.Add(await TestCluster.AskAsync(i % 3 == 0 ? a : i % 3 == 1 ? b : c, Short(i % Seeds)));
        }

        Task<List<JobEvent>[]> watched = Task.WhenAll(jobs.Select(job => TestCluster.WatchAsync(a, job)));
        await DoneAsync(a, jobs, 3);
        await cluster.KillAsync("b");
        await DoneAsync(a, jobs, 6);
        cluster.Nats[0].Kill();
        using MedGenClient again = await cluster.StartAsync("b");
        await DoneAsync(a, jobs, 10);
        await cluster.KillAsync("c");
        cluster.Nats[0].Start();
        await DoneAsync(a, jobs, 14);
        cluster.Nats[1].Kill();
        await cluster.StartAsync("c");
        await DoneAsync(a, jobs, 18);
        cluster.Nats[1].Start();

        List<JobEvent>[] all = await watched;
        Dictionary<int, string> frames = [];
        foreach ((int index, List<JobEvent> events) in all.Index())
        {
            events.Select(one => one.Number).ShouldBe(Enumerable.Range(1, events.Count).Select(number => (long)number));
            events.Count(one => one.State?.State == JobState.Succeeded).ShouldBe(1, $"job {index}: {events[^1]}");
            string artifact = (await a.Jobs.GetAsync(jobs[index], Token)).ResultArtifactIds.ShouldHaveSingleItem();
            string shown = await cluster.FramesAsync(again, artifact);
            (frames.TryAdd(index % Seeds, shown) ? shown : frames[index % Seeds]).ShouldBe(shown);
        }

        List<Artifact> stored = await a.Artifacts.ListAsync(cancellationToken: Token).ToListAsync(Token);
        stored.Count.ShouldBe(Jobs);
    }

    private static GenerateVideoRequest Short(int seed) => new()
    {
        Prompt = "a lung", Width = 64, Height = 48, NumFrames = 5, NumInferenceSteps = 6, Seed = seed, Deterministic = true,
    };

    private static async Task DoneAsync(MedGenClient client, List<string> jobs, int count)
    {
        HashSet<string> mine = [.. jobs];
        while (await client.Jobs.ListAsync(cancellationToken: Token).CountAsync(
            job => mine.Contains(job.JobId) && job.State is JobState.Succeeded or JobState.Failed, Token) < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        }
    }
}

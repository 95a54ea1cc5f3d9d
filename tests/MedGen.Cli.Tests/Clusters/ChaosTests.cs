using MedGen.Client;
using MedGen.Protos.V1;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MedGen.Cli.Tests.Clusters;

/// <summary>Three hosts, three NATS servers, and no mercy: every job is done once, and every watcher learns of it.</summary>
[Long]
public sealed class ChaosTests
{
    private const int Seeds = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_WhileHostsAndServersAreKilled_AreEachDoneOnce()
    {
        await using TestCluster cluster = new(natsServers: 3);
        using MedGenClient a = await cluster.StartAsync("a");
        using MedGenClient b = await cluster.StartAsync("b");
        using MedGenClient c = await cluster.StartAsync("c");
        List<string> jobs = await AskAsync(30, a, b, c);
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

        await ShouldBeDoneOnceAsync(cluster, again, jobs, await watched);
    }

    [Fact]
    public async Task Jobs_WhilePostgresAndTheLeaderOfNatsAreKilled_AreEachDoneOnce()
    {
        await using TestCluster cluster = new(natsServers: 3);
        using MedGenClient a = await cluster.StartAsync("a");
        using MedGenClient b = await cluster.StartAsync("b");
        List<string> jobs = await AskAsync(12, a, b);
        Task<List<JobEvent>[]> watched = Task.WhenAll(jobs.Select((job, i) => TestCluster.WatchAsync(i % 2 == 0 ? a : b, job)));
        await DoneAsync(a, jobs, 2);
        cluster.Postgres.Kill();
        (await Should.ThrowAsync<MedGenRpcException>(() => a.Jobs.GetAsync(jobs[0], Token))).Reason.ShouldBe("DATABASE_UNAVAILABLE");
        await Task.Delay(TimeSpan.FromSeconds(4), Token);
        cluster.Postgres.Start();
        await DoneAsync(a, jobs, 5);
        NatsServer leader = cluster.Nats[await LeaderAsync(cluster)];
        leader.Kill();
        await DoneAsync(a, jobs, 8);
        leader.Start();

        await ShouldBeDoneOnceAsync(cluster, b, jobs, await watched);
    }

    private static GenerateVideoRequest Short(int seed) => new()
    {
        Prompt = "a lung", Width = 64, Height = 48, NumFrames = 5, NumInferenceSteps = 6, Seed = seed, Deterministic = true,
    };

    private static async Task<List<string>> AskAsync(int count, params MedGenClient[] hosts)
    {
        List<string> jobs = [];
        for (int i = 0; i < count; i++)
        {
            jobs.Add(await TestCluster.AskAsync(hosts[i % hosts.Length], Short(i % Seeds)));
        }

        return jobs;
    }

    // The servers are called s0, s1, s2.
    private static async Task<int> LeaderAsync(TestCluster cluster)
    {
        await using NatsConnection connection = new(new NatsOpts { Url = cluster.Servers });
        INatsJSStream contents = await new NatsJSContext(connection).GetStreamAsync("OBJ_medgen-contents", cancellationToken: Token);
        return contents.Info.Cluster!.Leader![1] - '0';
    }

    private static async Task DoneAsync(MedGenClient client, List<string> jobs, int count)
    {
        HashSet<string> mine = [.. jobs];
        while (await client.Jobs.ListAsync(cancellationToken: Token).CountAsync(
            job => mine.Contains(job.JobId) && job.State is JobState.Succeeded or JobState.Failed, Token) < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        }
    }

    private static async Task ShouldBeDoneOnceAsync(TestCluster cluster, MedGenClient host, List<string> jobs, List<JobEvent>[] watched)
    {
        Dictionary<int, string> frames = [];
        foreach ((int index, List<JobEvent> events) in watched.Index())
        {
            events.Select(one => one.Number).ShouldBe(Enumerable.Range(1, events.Count).Select(number => (long)number));
            events.Count(one => one.State?.State == JobState.Succeeded).ShouldBe(1, $"job {index}: {events[^1]}");
            string artifact = (await host.Jobs.GetAsync(jobs[index], Token)).ResultArtifactIds.ShouldHaveSingleItem();
            string shown = await cluster.FramesAsync(host, artifact);
            (frames.TryAdd(index % Seeds, shown) ? shown : frames[index % Seeds]).ShouldBe(shown);
        }

        List<Artifact> stored = await host.Artifacts.ListAsync(cancellationToken: Token).ToListAsync(Token);
        stored.Count.ShouldBe(jobs.Count);
    }
}

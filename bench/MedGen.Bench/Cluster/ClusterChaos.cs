using System.Diagnostics;
using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Bench.Cluster;

/// <summary>
/// A hundred clips at four hosts, one of which has a clock that is two minutes off, while hosts, NATS servers, the leader among them, and PostgreSQL are
/// killed, and one host is parted from all servers for 30 s, slow, and without room on its disk. No job may be lost or succeed twice, every watcher has to
/// come to its end, and equal seeds have to give equal frames.
/// </summary>
internal static class ClusterChaos
{
    private const int Jobs = 100;
    private const int Seeds = 4;

    public static async Task<int> RunAsync()
    {
        await using ChaosCluster cluster = await ChaosCluster.StartAsync();
        long start = Stopwatch.GetTimestamp();
        string[] jobs = new string[Jobs];
        for (int i = 0; i < Jobs; i++)
        {
            jobs[i] = await AskAsync(cluster.Front, i % Seeds);
        }

        Task<List<JobEvent>[]> watched = Task.WhenAll(jobs.Select(job => WatchAsync(cluster.Front, job)));
        foreach ((int done, string what, Func<Task> act) in cluster.Blows())
        {
            while (!watched.IsCompleted && await DoneAsync(cluster.Front) < done)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300));
            }

            Console.WriteLine(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(start).TotalSeconds,6:0} s, {await DoneAsync(cluster.Front),3} done: {what}"));
            await act();
        }

        List<JobEvent>[] all = await watched;
        Console.WriteLine(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(start).TotalSeconds,6:0} s: every watcher has come back"));
        return await JudgeAsync(cluster, jobs, all);
    }

    private static async Task<int> JudgeAsync(ChaosCluster cluster, string[] jobs, List<JobEvent>[] watched)
    {
        int lost = 0, twice = 0, gaps = 0, unended = 0, unequal = 0, taken = 0, results = 0;
        Dictionary<int, string> frames = [];
        foreach ((int i, List<JobEvent> events) in watched.Index())
        {
            int succeeded = events.Count(one => one.State?.State == JobState.Succeeded);
            Job job = await cluster.Front.Jobs.GetAsync(jobs[i]);
            lost += job.State == JobState.Succeeded ? 0 : 1;
            twice += succeeded > 1 || job.ResultArtifactIds.Count > 1 ? 1 : 0;
            unended += events[^1].State?.State == job.State ? 0 : 1;
            gaps += events.Select(one => one.Number).SequenceEqual(Enumerable.Range(1, events.Count).Select(number => (long)number)) ? 0 : 1;
            taken += events.Count(one => one.State is { State: JobState.Queued, Note.Length: > 0 });
            if (job.State != JobState.Succeeded)
            {
                Console.WriteLine($"{jobs[i]}: {job.State} {job.Error?.Reason} {job.Error?.Message}");
                continue;
            }

            results += job.ResultArtifactIds.Count;
            string shown = await cluster.FramesAsync(job.ResultArtifactIds[0]);
            unequal += (frames.TryAdd(i % Seeds, shown) ? shown : frames[i % Seeds]) == shown ? 0 : 1;
        }

        int stored = await cluster.Front.Artifacts.ListAsync().CountAsync();
        Console.WriteLine($"{Jobs} jobs: {lost} not succeeded, {twice} succeeded twice, {unequal} with other frames than their seed's first; {taken} runs went back to the queue");
        Console.WriteLine($"{Jobs} watchers: {unended} did not learn of the end, {gaps} missed an event or saw one twice; {results} results, {stored} artifacts");
        return lost + twice + unequal + unended + gaps + Math.Abs(stored - results) == 0 ? 0 : 1;
    }

    private static async Task<string> AskAsync(MedGenClient client, int seed)
    {
        GenerateVideoRequest request = new()
        {
            Prompt = "Ultrasound: lung ultrasound, convex probe.", Width = 64, Height = 48, NumFrames = 5, NumInferenceSteps = 12, Seed = seed, Deterministic = true,
        };
        await foreach (JobEvent one in client.Generation.GenerateAsync(request))
        {
            return one.Accepted.JobId;
        }

        throw new InvalidOperationException("The job was not accepted.");
    }

    private static async Task<List<JobEvent>> WatchAsync(MedGenClient client, string job)
    {
        List<JobEvent> events = [];
        try
        {
            await foreach (JobEvent one in client.Jobs.WatchAsync(job))
            {
                events.Add(one);
            }
        }
        catch (MedGenRpcException exception)
        {
            // That of a job that failed is its end; any other one is counted as a watcher that did not learn of it.
            Console.WriteLine($"a watcher was told {exception.StatusCode} {exception.Reason}");
        }

        return events;
    }

    private static async Task<int> DoneAsync(MedGenClient client)
    {
        try
        {
            return await client.Jobs.ListAsync().CountAsync(job => job.State is JobState.Succeeded or JobState.Failed or JobState.Cancelled);
        }
        catch (MedGenRpcException)
        {
            return 0; // the database is away
        }
    }
}

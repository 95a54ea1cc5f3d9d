using System.Diagnostics;
using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Cli.Tests.Clusters;

/// <summary>A host that is parted from the servers, or whose line is slow or disk full: its jobs are done once, by whomever, with the same frames.</summary>
[Long]
public sealed class PartitionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Worker_PartedForThirtySeconds_WritesNothingOfAJobThatWasTakenOver(bool nats, bool postgres)
    {
        await using TestCluster cluster = new();
        HostLines lines = cluster.LinesOf("b");
        using MedGenClient front = await cluster.StartAsync("a", "front");
        using MedGenClient parted = await cluster.StartAsync("b", "worker");
        string job = await TestCluster.AskAsync(front, Clip(200));
        List<JobEvent> events = [];
        Task<MedGenClient>? other = null;
        await foreach (JobEvent one in front.Jobs.WatchAsync(job, cancellationToken: Token))
        {
            events.Add(one);
            if (other is null && one.Checkpoint is not null)
            {
                lines.Part(nats, postgres);
                other = cluster.StartAsync("c", "worker");
                _ = Task.Delay(TimeSpan.FromSeconds(30), Token).ContinueWith(_ => lines.Mend(), Token, default, TaskScheduler.Default);
            }
        }

        using MedGenClient second = await other!;
        ShouldBeWhole(events);
        ShouldBeDoneOnce(events, leastRuns: 2);
        events.Select(one => one.State?.Note ?? "").ShouldContain(note => note.StartsWith("The host that ran it is gone; the job goes on after step "));
        string shown = await cluster.FramesAsync(front, (await front.Artifacts.ListAsync(cancellationToken: Token).ToListAsync(Token)).ShouldHaveSingleItem().ArtifactId);

        // Mended, it says nothing more of that job, and does others; the frames are those of an undisturbed run.
        await Task.Delay(TimeSpan.FromSeconds(5), Token);
        await cluster.KillAsync("c");
        List<JobEvent> again = await TestCluster.WatchAsync(front, await TestCluster.AskAsync(front, Clip(200)));
        again[^1].State.State.ShouldBe(JobState.Succeeded);
        (await cluster.FramesAsync(parted, again.Single(one => one.Result is not null).Result.ArtifactId)).ShouldBe(shown);
        (await TestCluster.WatchAsync(front, job)).ShouldBe(events);
    }

    [Fact]
    public async Task Jobs_OverASlowLine_AreDoneOnce()
    {
        await using TestCluster cluster = new();
        HostLines lines = cluster.LinesOf("b");
        using MedGenClient front = await cluster.StartAsync("a", "front");
        using MedGenClient slow = await cluster.StartAsync("b", "worker");
        lines.Slow(TimeSpan.FromMilliseconds(50));

        string[] jobs = [await TestCluster.AskAsync(front, Clip(6)), await TestCluster.AskAsync(front, Clip(6))];
        foreach (string job in jobs)
        {
            List<JobEvent> events = await TestCluster.WatchAsync(front, job);
            ShouldBeWhole(events);
            ShouldBeDoneOnce(events, leastRuns: 1);
        }
    }

    [Fact]
    public async Task Worker_WhoseDiskIsFull_LeavesItsJobToAnother()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can make a small disk.");
        await using TestCluster cluster = new();
        string disk = cluster.DataOf("b");
        Directory.CreateDirectory(disk);
        Run("mount", "-t", "tmpfs", "-o", "size=400m", "medgen-test", disk);
        try
        {
            using MedGenClient front = await cluster.StartAsync("a", "front");
            using MedGenClient full = await cluster.StartAsync("b", "worker");
            string job = await TestCluster.AskAsync(front, Clip(200));
            List<JobEvent> events = [];
            bool isFull = false;
            await foreach (JobEvent one in front.Jobs.WatchAsync(job, cancellationToken: Token))
            {
                events.Add(one);
                if (!isFull && one.Checkpoint is not null)
                {
                    isFull = true;
                    Fill(Path.Combine(disk, "filler"));
                }

                if (one.State is { State: JobState.Queued, Note.Length: > 0 })
                {
                    await cluster.StartAsync("c", "worker");
                }
            }

            ShouldBeWhole(events);
            ShouldBeDoneOnce(events, leastRuns: 2);
            events.Select(one => one.State?.Note ?? "").ShouldContain(note => note.StartsWith("The disk was full; the job goes on after step "));
            Artifact made = (await front.Artifacts.ListAsync(cancellationToken: Token).ToListAsync(Token)).ShouldHaveSingleItem();
            (await cluster.FramesAsync(front, made.ArtifactId)).Split('\n').Count(line => line.StartsWith("0,", StringComparison.Ordinal)).ShouldBe(9);

            // With nobody else there the full host begins nothing, until it has room.
            await cluster.KillAsync("c");
            string waiting = await TestCluster.AskAsync(front, Clip(6));
            await Task.Delay(TimeSpan.FromSeconds(5), Token);
            (await front.Jobs.GetAsync(waiting, Token)).State.ShouldBe(JobState.Queued);
            File.Delete(Path.Combine(disk, "filler"));
            (await TestCluster.WatchAsync(front, waiting))[^1].State.State.ShouldBe(JobState.Succeeded);
            await cluster.KillAsync("b");
        }
        finally
        {
            Run("umount", "-l", disk);
        }
    }

    private static GenerateVideoRequest Clip(int steps) => new()
    {
        Prompt = "a heart beats", Width = 64, Height = 64, NumFrames = 9, NumInferenceSteps = steps, Seed = 7, Deterministic = true,
    };

    private static void ShouldBeWhole(List<JobEvent> events) =>
        events.Select(one => one.Number).ShouldBe(Enumerable.Range(1, events.Count).Select(number => (long)number));

    // On a busy machine a host may miss its lease although nothing is wrong, and its job runs once more. It succeeds once all the same.
    private static void ShouldBeDoneOnce(List<JobEvent> events, int leastRuns)
    {
        JobState[] states = [.. events.Where(one => one.State is not null).Select(one => one.State.State)];
        int runs = states.Count(state => state == JobState.Running);
        runs.ShouldBeGreaterThanOrEqualTo(leastRuns);
        states.ShouldBe([.. Enumerable.Repeat<JobState[]>([JobState.Queued, JobState.Running], runs).SelectMany(run => run), JobState.Succeeded]);
    }

    private static void Fill(string file)
    {
        using FileStream filler = File.Create(file);
        try
        {
            while (true)
            {
                filler.Write(new byte[1 << 20]);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // That was the last of it.
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
    }
}

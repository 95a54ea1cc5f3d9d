using System.Diagnostics;
using MedGen.Bench.Serving;
using MedGen.Cluster;

namespace MedGen.Bench.Cluster;

/// <summary>
/// What a cluster adds to a job that costs nothing: a host alone (SQLite), one host of a cluster, and a front with a worker, in turns, on one machine;
/// then what the records take, which bounds the whole cluster; then the model of a large one.
/// </summary>
internal static class ClusterBenchmark
{
    private const int WarmUp = 10;
    private const int Jobs = 80;
    private const int AtOnce = 8;
    private const double MillisecondsPerSecond = 1000;

    public static async Task<int> RunAsync()
    {
        using LocalServers servers = new();
        await using DispatchHost alone = await DispatchHost.StartAsync(null);
        await using DispatchHost front = await DispatchHost.StartAsync(servers, ClusterRole.Front);
        await using DispatchHost worker = await DispatchHost.StartAsync(servers, ClusterRole.Worker, front);
        string picture = Picture();
        try
        {
            await alone.UploadAsync(picture);
            await front.UploadAsync(picture);
            await MeasureAsync(alone, front);
        }
        finally
        {
            File.Delete(picture);
        }

        return ScaleModel.Print();
    }

    /// <summary>A small picture for jobs to be about; whoever asks deletes it.</summary>
    public static string Picture()
    {
        string file = Path.Combine(Path.GetTempPath(), $"medgen-bench-{Environment.ProcessId}.png");
        using MedGen.Sdk.Frames.VideoFrame frame = MedGen.Sdk.Frames.VideoFrame.Rent(16, 16);
        frame.WritablePixels.Span.Fill(90);
        File.WriteAllBytes(file, Media.Images.FrameImage.EncodePng(frame, provenanceId: null));
        return file;
    }

    private static async Task MeasureAsync(DispatchHost alone, DispatchHost front)
    {
        List<(double Running, double Ended)> embedded = [];
        List<(double Running, double Ended)> cluster = [];
        for (int i = 0; i < WarmUp + Jobs; i++)
        {
            (double Running, double Ended) first = await alone.JobAsync();
            (double Running, double Ended) second = await front.JobAsync();
            if (i >= WarmUp)
            {
                embedded.Add(first);
                cluster.Add(second);
            }
        }

        Console.WriteLine($"{Jobs} jobs each, one after another, in turns; one analyzer that answers at once, of one small picture");
        Console.WriteLine("                                  until it runs: p50 ms  p99 ms   until it has ended: p50 ms  p99 ms");
        Print("a host alone, SQLite", embedded);
        Print("a front and a worker", cluster);
        Samples added = new(cluster.Zip(embedded, (a, b) => a.Running - b.Running));
        Console.WriteLine(FormattableString.Invariant($"the cluster adds to the start of a job, p50: {added.Median * MillisecondsPerSecond:0.0} ms"));
        foreach ((string name, DispatchHost host) in new[] { ("a host alone, SQLite", alone), ("a front and a worker", front) })
        {
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
            {
                for (int i = 0; i < Jobs / AtOnce; i++)
                {
                    await host.JobAsync();
                }
            }));
            Console.WriteLine(FormattableString.Invariant(
                $"{name}: {Jobs / AtOnce * AtOnce / Stopwatch.GetElapsedTime(start).TotalSeconds:0} such jobs a second, {AtOnce} callers at once"));
        }
    }

    private static void Print(string name, IReadOnlyList<(double Running, double Ended)> jobs)
    {
        Samples running = new(jobs.Select(job => job.Running));
        Samples ended = new(jobs.Select(job => job.Ended));
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-32} {running.Median * MillisecondsPerSecond,20:0.0} {running.At(0.99) * MillisecondsPerSecond,7:0.0} {ended.Median * MillisecondsPerSecond,27:0.0} {ended.At(0.99) * MillisecondsPerSecond,7:0.0}"));
    }
}

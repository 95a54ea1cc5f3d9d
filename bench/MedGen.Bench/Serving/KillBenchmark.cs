using System.Diagnostics;
using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Bench.Serving;

/// <summary>
/// A host whose process is killed 20 times at random moments while clips are made, and started again each time: how many jobs are lost, how many steps are
/// done twice, and whether the clips are those that an undisturbed host makes.
/// </summary>
internal static class KillBenchmark
{
    private const int Kills = 20;
    private const int Steps = 40;
    private const int Interval = 5;
    private const int JobsAtOnce = 2;

    public static async Task<int> RunAsync()
    {
        string data = Directory.CreateTempSubdirectory("medgen-kill-").FullName;
        try
        {
            Random random = new(1);
            Dictionary<string, long> seeds = [];
            KillLog log = new();
            long seed = 0;
            for (int kill = 0; kill < Kills; kill++)
            {
                using ServedHost host = await ServedHost.StartAsync(data, Interval);
                while ((await OpenAsync(host.Client)).Count < JobsAtOnce)
                {
                    seeds.Add(await AskAsync(host.Client, ++seed), seed);
                }

                using CancellationTokenSource stop = new();
                Task[] watching = [.. (await OpenAsync(host.Client)).Select(job => log.WatchAsync(host.Client, job, stop.Token))];
                await Task.Delay(random.Next(12_000));
                await host.KillAsync();
                await stop.CancelAsync();
                await Task.WhenAll(watching);
            }

            await FinishAsync(data, seeds, log);
            return 0;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task FinishAsync(string data, Dictionary<string, long> seeds, KillLog log)
    {
        using ServedHost host = await ServedHost.StartAsync(data, Interval);
        await Task.WhenAll((await OpenAsync(host.Client)).Select(job => log.WatchAsync(host.Client, job, CancellationToken.None)));
        int lost = 0, equal = 0;
        foreach ((string id, long seed) in seeds)
        {
            Job job = await host.Client.Jobs.GetAsync(id);
            if (job.State != JobState.Succeeded)
            {
                lost++;
                Console.WriteLine($"{id}: {job.State} {job.Error?.Message}");
                continue;
            }

            string again = await AskAsync(host.Client, seed);
            await foreach (JobEvent one in host.Client.Jobs.WatchAsync(again))
            {
            }

            string expected = await HashAsync(host.Client, data, (await host.Client.Jobs.GetAsync(again)).ResultArtifactIds.Single());
            equal += expected == await HashAsync(host.Client, data, job.ResultArtifactIds.Single()) ? 1 : 0;
        }

        Console.WriteLine($"{Kills} kills while {seeds.Count} clips of {Steps} steps were made, {JobsAtOnce} at a time, saved every {Interval} steps:");
        Console.WriteLine($"jobs lost {lost}; clips equal to undisturbed ones {equal} of {seeds.Count}; {log}");
    }

    private static async Task<List<string>> OpenAsync(MedGenClient client) =>
        await client.Jobs.ListAsync().Where(job => job.State is JobState.Queued or JobState.Running).Select(job => job.JobId).ToListAsync();

    private static async Task<string> AskAsync(MedGenClient client, long seed)
    {
        GenerateVideoRequest request = new() { Prompt = "Ultrasound: lung ultrasound, convex probe.", NumInferenceSteps = Steps, Seed = seed, Deterministic = true };
        await foreach (JobEvent response in client.Generation.GenerateAsync(request))
        {
            return response.Accepted.JobId;
        }

        throw new InvalidOperationException("The job was not accepted.");
    }

    private static async Task<string> HashAsync(MedGenClient client, string data, string artifact)
    {
        string file = Path.Combine(data, artifact + ".mp4");
        await client.Artifacts.DownloadAsync(artifact, file);
        using Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-i", file, "-f", "framemd5", "-"]) { RedirectStandardOutput = true })!;
        string hashes = await ffmpeg.StandardOutput.ReadToEndAsync();
        await ffmpeg.WaitForExitAsync();
        File.Delete(file);
        return hashes;
    }
}

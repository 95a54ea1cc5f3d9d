using System.Diagnostics;
using System.Security.Cryptography;
using MedGen.Client;
using MedGen.Protos.V1;

namespace MedGen.Cli.Tests;

public sealed class KilledHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-killed-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Long]
    public async Task Serve_KilledWhileAJobRuns_FinishesItAfterTheNextStart()
    {
        string upload = Path.Combine(_folder, "upload.bin");
        await File.WriteAllBytesAsync(upload, RandomNumberGenerator.GetBytes(200_000), Token);
        await using ServeProcess first = await ServeProcess.StartAsync(Data);
        using MedGenClient client = new(new MedGenClientOptions { Address = first.Grpc });
        Artifact artifact = await client.Artifacts.UploadAsync(upload, cancellationToken: Token);
        string jobId = await StartJobAsync(client);

        // One watch over both lives of the host: it is cut off in the middle, and must see each event once.
        List<JobEvent> events = [];
        ServeProcess? second = null;
        try
        {
            await foreach (JobEvent one in client.Jobs.WatchAsync(jobId, cancellationToken: Token))
            {
                events.Add(one);
                if (second is null && one.Progress is { Stage: JobStage.Denoising })
                {
                    await first.KillAsync();
                    ShouldHoldWholeFilesOnly();
                    second = await ServeProcess.StartAsync(Data, grpcPort: first.Grpc.Port);
                }
            }

            await ShouldBeDoneAsync(client, jobId, events);
            string copy = Path.Combine(_folder, "copy.bin");
            await client.Artifacts.DownloadAsync(artifact.ArtifactId, copy, cancellationToken: Token);
            File.ReadAllBytes(copy).ShouldBe(File.ReadAllBytes(upload));
            ShouldHoldWholeFilesOnly();
            Directory.EnumerateFiles(Path.Combine(Data, "work")).ShouldBeEmpty();
        }
        finally
        {
            if (second is not null)
            {
                await second.DisposeAsync();
            }
        }
    }

    // Lines of the log: the folder is open, the device is ready, plugins are active.
    [Theory, Long]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Serve_TermSignalAtSomeMomentOfTheStart_EndsInOrder(int lines)
    {
        using Process process = MedGenCommand.Start("serve", "--data-dir", Data, "--grpc-port", "0", "--http-port", "0");
        for (int line = 0; line < lines; line++)
        {
            (await process.StandardError.ReadLineAsync(Token)).ShouldNotBeNull();
        }

        using (Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(Token);
        }

        string rest = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, rest);
        rest.ShouldNotContain("Unhandled");
        rest.ShouldNotContain(" ERROR ");
        (await MedGenCommand.RunAsync("store", "check", "--data-dir", Data)).ExitCode.ShouldBe(0);
    }

    private static async Task<string> StartJobAsync(MedGenClient client)
    {
        GenerateVideoRequest request = new() { Prompt = "a lung", Width = 64, Height = 48, NumFrames = 17, NumInferenceSteps = 60, Seed = 1 };
        await foreach (JobEvent response in client.Generation.GenerateAsync(request, Token))
        {
            return response.Accepted.JobId;
        }

        throw new InvalidOperationException("The job was not accepted.");
    }

    private async Task ShouldBeDoneAsync(MedGenClient client, string jobId, List<JobEvent> events)
    {
        events.Select(one => one.Number).ShouldBe(Enumerable.Range(1, events.Count).Select(number => (long)number));
        events.Where(one => one.State is not null).Select(one => (one.State.State, one.State.Attempt)).ShouldBe(
        [
            (JobState.Queued, 0), (JobState.Running, 1), (JobState.Queued, 1), (JobState.Running, 2), (JobState.Succeeded, 2),
        ]);
        events.ShouldContain(one => one.State != null && one.State.Note == "The host ended unexpectedly; the job runs again.");
        Artifact result = events.Single(one => one.Result is not null).Result;
        (await client.Jobs.GetAsync(jobId, Token)).ResultArtifactIds.ShouldBe([result.ArtifactId]);
        await client.Artifacts.DownloadAsync(result.ArtifactId, Path.Combine(_folder, "result.mp4"), cancellationToken: Token);
    }

    // A stored file bears the hash of its content as its name.
    private void ShouldHoldWholeFilesOnly()
    {
        string[] files = Directory.GetFiles(Path.Combine(Data, "artifacts"), "*", SearchOption.AllDirectories);
        files.ShouldNotBeEmpty();
        files.ShouldAllBe(file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))) == Path.GetFileName(file));
    }
}

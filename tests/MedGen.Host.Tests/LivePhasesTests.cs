using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>The built surgical phase plugin in a whole host: pictures of an operation go in live, one a second.</summary>
public sealed class LivePhasesTests
{
    private const string PhaseTask = "surgical-phase";
    private const int Width = 456;
    private const int Height = 256;

    [Fact, Long]
    public async Task StreamFrames_OfAnOperation_AnswersEachSecondAndAsTheStoredFilmIsAnswered()
    {
        await using RunningHost host = await RunningHost.StartRealAsync(plugin: "medgen.surgical-phase");
        byte[][] frames = await DecodeSecondsAsync("laparoscopy.mp4");

        List<Proto.Finding> seconds = [];
        List<Proto.Finding> course = [];
        Proto.AnalysisSummary? summary = null;
        Proto.StreamFramesConfig config = new() { Task = PhaseTask, Width = Width, Height = Height, FramesPerSecond = 1 };
        await foreach (Proto.StreamFramesResponse answer in host.Client.Analysis.StreamFramesAsync(config, Live(frames), RunningHost.Token))
        {
            (answer.Findings?.Interim == true ? seconds : course).AddRange(answer.Findings?.Findings_ ?? []);
            summary = answer.Summary ?? summary;
        }

        frames.Length.ShouldBe(5);
        seconds.Select(second => second.Frame.Timestamp.Seconds).ShouldBe([0, 1, 2, 3, 4]);
        seconds.ShouldAllBe(second => second.Labels.Probabilities.Count == 7 && Math.Abs(second.Labels.Probabilities.Sum(p => p.Probability) - 1) < 1e-3);
        summary.ShouldNotBeNull().FramesAnalyzed.ShouldBe(5);
        course.Where(finding => finding.Output == "phase" && finding.Span != null)
            .Sum(part => (part.Span.End - part.Span.Start).ToTimeSpan().TotalSeconds).ShouldBeInRange(4, 6);
        List<Proto.Finding> stored = [.. (await AnalyzeAsync(host, "laparoscopy.mp4")).Where(finding => finding.Output == "phase" && finding.Frame != null && finding.Labels != null)];
        stored.Count.ShouldBe(5);
        stored.Zip(seconds, (a, b) => a.Labels.Probabilities.Zip(b.Labels.Probabilities, (p, q) => Math.Abs(p.Probability - q.Probability)).Max()).Max().ShouldBeLessThan(0.05);
    }

    private static async Task<List<Proto.Finding>> AnalyzeAsync(RunningHost host, string file)
    {
        Proto.Artifact film = await host.Client.Artifacts.UploadAsync(Path.Combine(AppContext.BaseDirectory, file), cancellationToken: RunningHost.Token);
        List<Proto.Finding> findings = [];
        await foreach (Proto.JobEvent update in host.Client.Analysis.AnalyzeAsync(
            new() { Inputs = { new Proto.AnalysisInput { ArtifactId = film.ArtifactId } }, Task = PhaseTask }, RunningHost.Token))
        {
            findings.AddRange(update.Findings is { Interim: false } found ? found.Findings_ : []);
        }

        return findings;
    }

    private static async IAsyncEnumerable<Proto.RawFrame> Live(byte[][] frames)
    {
        for (int second = 0; second < frames.Length; second++)
        {
            await Task.Yield();
            yield return new Proto.RawFrame { Rgb24 = ByteString.CopyFrom(frames[second]), Timestamp = Duration.FromTimeSpan(TimeSpan.FromSeconds(second)) };
        }
    }

    // The clip has two frames a second: every other one.
    private static async Task<byte[][]> DecodeSecondsAsync(string file)
    {
        using Process ffmpeg = Process.Start(new ProcessStartInfo(
            "ffmpeg", ["-v", "error", "-i", Path.Combine(AppContext.BaseDirectory, file), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]) { RedirectStandardOutput = true })!;
        using MemoryStream pixels = new();
        await ffmpeg.StandardOutput.BaseStream.CopyToAsync(pixels, RunningHost.Token);
        await ffmpeg.WaitForExitAsync(RunningHost.Token);
        return [.. pixels.ToArray().Chunk(Width * Height * 3).Where((_, index) => index % 2 == 0)];
    }
}

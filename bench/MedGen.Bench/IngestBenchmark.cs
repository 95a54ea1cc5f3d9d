using System.Diagnostics;
using MedGen.Abstractions.Frames;
using MedGen.Media;
using MedGen.Media.Processes;
using MedGen.Media.Reading;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Bench;

/// <summary>Our reader, its own ffmpeg command drained without it, and a bare ffmpeg command drained: in turns, so that a busy machine slows all three.</summary>
internal static class IngestBenchmark
{
    private const int Rounds = 7;

    public static async Task<int> RunAsync()
    {
        using WorkFolder folder = new();
        foreach ((int width, int height, int frames) in new[] { (1920, 1080, 400), (256, 256, 6000) })
        {
            string film = await folder.MakeAsync(
                $"{width}x{height}.mp4", ["-f", "lavfi", "-i", $"testsrc2=s={width}x{height}:r=25", "-frames:v", $"{frames}", "-pix_fmt", "yuv420p", "-preset", "veryfast"]);
            await CompareAsync(film, $"{width}x{height}");
        }

        return 0;
    }

    private static async Task CompareAsync(string film, string title)
    {
        MediaOptions options = new();
        FFmpegVideoReader reader = new(Options.Create(options), TimeProvider.System);
        SourceStream source = await new VideoProbe(options, TimeProvider.System, NullLogger.Instance).ReadAsync(film, CancellationToken.None);
        string[] same = [.. new DecodePlan(source, FrameSampling.All).Arguments()];
        string[] bare = ["-v", "error", "-nostdin", "-i", film, "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"];
        List<(double Reader, double Same, double Bare)> rounds = [];
        for (int round = 0; round <= Rounds; round++)
        {
            (double Reader, double Same, double Bare) rates = (await ReadAsync(reader, film), await DrainAsync(same, source), await DrainAsync(bare, source));
            if (round > 0)
            {
                rounds.Add(rates); // the first round warms caches and the compiler up
            }
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{title}: reader {Median(rounds.Select(r => r.Reader)):0} frames/s; the same command drained {Median(rounds.Select(r => r.Same)):0}; bare command drained {Median(rounds.Select(r => r.Bare)):0}; median ratio {Median(rounds.Select(r => r.Reader / r.Same)):0.00} to the same, {Median(rounds.Select(r => r.Reader / r.Bare)):0.00} to the bare command; {Rounds} rounds"));
    }

    private static async Task<double> ReadAsync(FFmpegVideoReader reader, string film)
    {
        IVideoClip clip = await reader.OpenAsync(film, CancellationToken.None);
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, CancellationToken.None))
        {
            frame.Dispose();
            count++;
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> DrainAsync(string[] arguments, SourceStream source)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        PipeBuffer.Enlarge(process.StandardOutput.BaseStream);
        Task errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        byte[] frame = new byte[source.Info.Width * source.Info.Height * 3];
        long bytes = 0;
        for (int read; (read = process.StandardOutput.BaseStream.Read(frame)) > 0;)
        {
            bytes += read;
        }

        await errors;
        await process.WaitForExitAsync();
        return bytes / frame.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}

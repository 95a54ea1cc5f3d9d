using System.Diagnostics;
using System.Globalization;
using MedGen.Sdk.Frames;
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
        foreach ((int width, int height, int frames) in new[] { (1920, 1080, 200), (256, 256, 3000) })
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
        IVideoClip clip = await new FFmpegVideoReader(Options.Create(options), TimeProvider.System).OpenAsync(film, CancellationToken.None);
        SourceStream source = await new VideoProbe(options, TimeProvider.System, NullLogger.Instance).ReadAsync(film, CancellationToken.None);
        string[] same = [.. new DecodePlan(source, FrameSampling.All, options, long.MaxValue).Arguments()];
        string[] bare = ["-v", "error", "-nostdin", "-i", film, "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"];
        List<(Cost Reader, Cost Same, Cost Bare)> rounds = [];
        for (int round = 0; round <= Rounds; round++)
        {
            (Cost Reader, Cost Same, Cost Bare) costs = (
                await MeasureAsync(() => ReadAsync(clip)),
                await MeasureAsync(() => DrainAsync(same, source)),
                await MeasureAsync(() => DrainAsync(bare, source)));
            if (round > 0)
            {
                rounds.Add(costs); // the first round warms caches and the compiler up
            }
        }

        Console.WriteLine($"{title}, medians of {Rounds} rounds:");
        Print("reader", rounds, r => r.Reader);
        Print("the same command, drained", rounds, r => r.Same);
        Print("bare command, drained", rounds, r => r.Bare);
    }

    private static void Print(string title, List<(Cost Reader, Cost Same, Cost Bare)> rounds, Func<(Cost Reader, Cost Same, Cost Bare), Cost> one) =>
        Console.WriteLine(FormattableString.Invariant(
            $"  {title}: {Median(rounds.Select(r => 1 / one(r).Seconds)):0.0} frames/s; processor {1000 * Median(rounds.Select(r => one(r).ProcessorSeconds)):0.00} ms a frame; reader / this: speed {Median(rounds.Select(r => one(r).Seconds / r.Reader.Seconds)):0.00}, processor {Median(rounds.Select(r => r.Reader.ProcessorSeconds / one(r).ProcessorSeconds)):0.00}"));

    // User and system time of this process and of its children that have ended, so that the work on both sides of the pipe counts.
    private static async Task<Cost> MeasureAsync(Func<Task<long>> run)
    {
        double before = ProcessorSeconds();
        long start = Stopwatch.GetTimestamp();
        long frames = await run();
        return new Cost(Stopwatch.GetElapsedTime(start).TotalSeconds / frames, (ProcessorSeconds() - before) / frames);
    }

    private static double ProcessorSeconds()
    {
        const double TicksPerSecond = 100;
        string stat = File.ReadAllText("/proc/self/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static async Task<long> ReadAsync(IVideoClip clip)
    {
        long count = 0;
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, CancellationToken.None))
        {
            frame.Dispose();
            count++;
        }

        return count;
    }

    private static async Task<long> DrainAsync(string[] arguments, SourceStream source)
    {
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
        return bytes / frame.Length;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Wall-clock and processor time, per frame.</summary>
    private readonly record struct Cost(double Seconds, double ProcessorSeconds);
}

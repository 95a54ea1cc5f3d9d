using System.Diagnostics;
using System.Globalization;
using MedGen.Sdk.Frames;
using MedGen.Media;
using MedGen.Media.Reading;
using Microsoft.Extensions.Options;

namespace MedGen.Bench;

/// <summary>An hour of 1080p at 10 frames/s, sampled at one frame a second: time and peak resident memory of both processes.</summary>
internal static class FilmBenchmark
{
    public static async Task<int> RunAsync()
    {
        using WorkFolder folder = new();
        string part = await folder.MakeAsync("part.mp4", ["-f", "lavfi", "-i", "testsrc=s=1920x1080:r=10:d=10", "-pix_fmt", "yuv420p", "-preset", "ultrafast"]);
        string film = await folder.MakeAsync("film.mp4", ["-stream_loop", "359", "-i", part, "-c", "copy"]);
        FFmpegVideoReader reader = new(Options.Create(new MediaOptions()), TimeProvider.System);
        IVideoClip clip = await reader.OpenAsync(film, CancellationToken.None);
        long start = Stopwatch.GetTimestamp();
        long decoder = 0;
        int count = 0;
        await foreach (VideoFrame frame in clip.ReadFramesAsync(new FrameSampling { FramesPerSecond = 1 }, CancellationToken.None))
        {
            frame.Dispose();
            decoder = count++ % 100 == 0 ? Math.Max(decoder, DecoderPeak()) : decoder;
        }

        using Process self = Process.GetCurrentProcess();
        Console.WriteLine(FormattableString.Invariant(
            $"{clip.Info.Duration}: {count} frames in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s; peak resident: this process {self.PeakWorkingSet64 >> 20} MiB, decoder {decoder >> 20} MiB"));
        return 0;
    }

    private static long DecoderPeak() => Process.GetProcessesByName("ffmpeg").Select(process =>
    {
        using (process)
        {
            string line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)) ?? "VmHWM: 0 kB";
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }).DefaultIfEmpty().Max();
}

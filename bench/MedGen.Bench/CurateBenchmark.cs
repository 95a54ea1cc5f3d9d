using System.Diagnostics;
using MedGen.Curation.Networks;
using MedGen.Curation.Scanning;
using MedGen.Curation.Specifications;
using MedGen.Media;
using MedGen.Media.Reading;
using Microsoft.Extensions.Options;

namespace MedGen.Bench;

/// <summary>The scan of a curation against bare ffmpeg that gives the same sampled frames: in turns, so that a busy machine slows both.</summary>
internal static class CurateBenchmark
{
    private const int Rounds = 3;
    private const int Seconds = 120;

    public static async Task<int> RunAsync()
    {
        using WorkFolder folder = new();
        FFmpegVideoReader reader = new(Options.Create(new MediaOptions()), TimeProvider.System);
        CurationSpec spec = new();
        string weights = RepositoryFolder.Path("plugins", "ImagingModality", "weights", "modality.safetensors");
        string clip = RepositoryFolder.Path("samples", "clips", "laparoscopy.mp4");
        using ModalityFrameNetwork network = ModalityFrameNetwork.Load(weights);
        foreach ((int width, int height) in new[] { (1920, 1080), (640, 480) })
        {
            string film = await folder.MakeAsync(
                $"{width}x{height}.mp4",
                ["-stream_loop", "-1", "-i", clip, "-t", $"{Seconds}", "-vf", $"scale={width}:{height}", "-r", "25", "-pix_fmt", "yuv420p", "-preset", "veryfast"]);
            double scale = (double)spec.Scan.LongSide / width;
            string filter = FormattableString.Invariant($"fps={spec.Scan.FramesPerSecond},scale={spec.Scan.LongSide}:{(int)Math.Round(height * scale)}");
            List<(double Bare, double Scan, double WithNetwork)> rounds = [];
            for (int round = 0; round <= Rounds; round++)
            {
                (double, double, double) times = (
                    await TimeAsync(() => DrainAsync(film, filter)),
                    await TimeAsync(() => new VideoScanner(reader, spec, new ThumbnailNetwork()).ScanAsync(film, _ => { }, CancellationToken.None)),
                    await TimeAsync(() => new VideoScanner(reader, spec, network).ScanAsync(film, _ => { }, CancellationToken.None)));
                if (round > 0)
                {
                    rounds.Add(times); // the first round warms caches and the compiler up
                }
            }

            Console.WriteLine(FormattableString.Invariant(
                $"{width}x{height}, {Seconds} s of film, {spec.Scan.FramesPerSecond} frames/s at {spec.Scan.LongSide} px, medians of {Rounds} rounds:"));
            Console.WriteLine(FormattableString.Invariant($"  bare ffmpeg, drained: {Median(rounds.Select(r => Seconds / r.Bare)):0} times as fast as the film plays"));
            Print("scan, thumbnails", rounds.Select(r => (r.Bare, r.Scan)));
            Print("scan, classifier's network", rounds.Select(r => (r.Bare, r.WithNetwork)));
        }

        return 0;
    }

    private static void Print(string title, IEnumerable<(double Bare, double Scan)> rounds) => Console.WriteLine(FormattableString.Invariant(
        $"  {title}: {Median(rounds.Select(r => Seconds / r.Scan)):0} times; {Median(rounds.Select(r => r.Bare / r.Scan)):0.00} of bare ffmpeg's speed"));

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        long start = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task DrainAsync(string film, string filter)
    {
        using Process process = Process.Start(new ProcessStartInfo(
            "ffmpeg", ["-v", "error", "-nostdin", "-i", film, "-vf", filter, "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"])
        {
            RedirectStandardOutput = true,
        })!;
        await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        await process.WaitForExitAsync();
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}

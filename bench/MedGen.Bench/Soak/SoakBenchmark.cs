using System.Diagnostics;
using System.Globalization;
using MedGen.Bench.Chaos;
using MedGen.Bench.Serving;

namespace MedGen.Bench.Soak;

/// <summary>
/// A host under a steady load of uploads, generations, classifications and deletions: what its memory, handles, threads and temporary files do over
/// time. A host that keeps something of every request has a slope that does not go away in a longer run.
/// </summary>
internal static class SoakBenchmark
{
    public const int DefaultMinutes = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(int minutes)
    {
        string folder = Directory.CreateTempSubdirectory("soak-").FullName;
        string data = Path.Combine(folder, "data");
        string temporary = Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName;
        Environment.SetEnvironmentVariable("TMPDIR", temporary);
        try
        {
            using ServedHost host = await ServedHost.StartAsync(data, checkpointInterval: 5);
            ChaosLedger ledger = new();
            using CancellationTokenSource end = new();
            Task load = new ChaosLoad(host.Client, ledger, folder, new Random(1)).RunAsync(end.Token);
            List<SoakSample> samples = [];
            Stopwatch elapsed = Stopwatch.StartNew();
            while (elapsed.Elapsed < TimeSpan.FromMinutes(minutes) && !load.IsCompleted)
            {
                await Task.Delay(Interval);
                samples.Add(SoakSample.Take(host.ProcessId, [Path.Combine(data, "work"), temporary], elapsed.Elapsed));
            }

            bool isWhole = !load.IsCompleted;
            await end.CancelAsync();
            await load;
            Print(samples, ledger);
            await host.KillAsync();
            return isWhole ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Slope of the line that fits values best (least squares), in units of the values per hour.</summary>
    private static double SlopePerHour(IReadOnlyList<SoakSample> samples, Func<SoakSample, double> value)
    {
        double time = samples.Average(sample => sample.Minutes);
        double mean = samples.Average(value);
        double spread = samples.Sum(sample => (sample.Minutes - time) * (sample.Minutes - time));
        return 60 * samples.Sum(sample => (sample.Minutes - time) * (value(sample) - mean)) / spread;
    }

    // The first half warms up: code is compiled, pools and caches fill.
    private static void Print(List<SoakSample> samples, ChaosLedger ledger)
    {
        List<SoakSample> steady = samples[(samples.Count / 2)..];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{samples[^1].Minutes:0.0} min under {ledger}; slopes over the last {steady.Count} of {samples.Count} samples"));
        Console.WriteLine();
        Console.WriteLine("| | after warm-up | at the end | largest | slope per hour |");
        Console.WriteLine("|---|---|---|---|---|");
        Row("resident memory, MiB", sample => sample.MemoryMebibytes);
        Row("handles", sample => sample.Handles);
        Row("threads", sample => sample.Threads);
        Row("temporary files", sample => sample.TemporaryFiles);

        void Row(string name, Func<SoakSample, double> value) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {value(steady[0]):0} | {value(steady[^1]):0} | {steady.Max(value):0} | {SlopePerHour(steady, value):+0.0;-0.0;0} |"));
    }
}

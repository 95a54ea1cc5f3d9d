using System.Diagnostics;
using MedGen.Sdk.Serving;

namespace MedGen.Bench.Serving;

/// <summary>From a cancel at a random moment to the moment at which the device is free again.</summary>
internal static class CancelFigure
{
    private const int Cancels = 20;

    public static async Task RunAsync()
    {
        await using BenchModel bench = new();
        await bench.GenerateAsync(BenchModel.Request(0));
        Random random = new(1);
        List<double> times = [], steps = [];
        for (int i = 0; i < Cancels; i++)
        {
            using CancellationTokenSource cancel = new();
            long started = Stopwatch.GetTimestamp();
            Task generation = bench.GenerateAsync(BenchModel.Request(i, steps: 200), cancel.Token);
            await Task.Delay(300 + random.Next(700));
            long at = Stopwatch.GetTimestamp();
            await cancel.CancelAsync();
            await generation.ContinueWith(_ => { }, TaskScheduler.Default);
            await bench.Device.RunAsync(_ => 0, ServicePriority.Bulk, CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(at).TotalSeconds);
        }

        for (int i = 0; i < 5; i++)
        {
            (double first, double end) = await bench.GenerateAsync(BenchModel.Request(i, steps: 11));
            steps.Add((end - first) / 10);
        }

        Samples idle = new(times);
        Console.WriteLine(FormattableString.Invariant(
            $"{Cancels} cancels: to idle median {idle.Median * 1000:0} ms, longest {idle.Longest * 1000:0} ms; a step with its share of decoding takes {new Samples(steps).Median * 1000:0} ms"));
    }
}

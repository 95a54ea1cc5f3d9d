using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;

namespace MedGen.Bench.Serving;

/// <summary>An interactive request (features of a clip of 17 frames) alone, and while eight bulk generations run.</summary>
internal static class LatencyFigure
{
    private const int Requests = 60;
    private const int Bulk = 8;

    public static async Task RunAsync()
    {
        await using BenchModel bench = new();
        await bench.GenerateAsync(BenchModel.Request(0));
        VideoFrame[] clip = [.. Enumerable.Range(0, 17).Select(i => VideoFrame.Wrap(new byte[128 * 128 * 3], 128, 128, i))];
        Task ExtractAsync() => bench.Model.ExtractFeaturesAsync(clip, "autoencoder", 0, CancellationToken.None);
        await ExtractAsync();
        List<double> alone = [], loaded = [];
        for (int i = 0; i < 10; i++)
        {
            alone.Add(await BenchModel.TimeAsync(ExtractAsync));
        }

        using CancellationTokenSource stop = new();
        List<double> steps = [];
        Task[] load = [.. Enumerable.Range(0, Bulk).Select(seed => LoadAsync(bench, seed, steps, stop.Token))];
        await Task.Delay(TimeSpan.FromSeconds(3));
        Random random = new(1);
        for (int i = 0; i < Requests; i++)
        {
            await Task.Delay(random.Next(200));
            loaded.Add(await BenchModel.TimeAsync(ExtractAsync));
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        Samples own = new(alone), under = new(loaded), step = new(steps);
        Console.WriteLine(FormattableString.Invariant($"alone: median {own.Median * 1000:0} ms, longest {own.Longest * 1000:0} ms"));
        Console.WriteLine(FormattableString.Invariant($"a piece of bulk work (a shared step of up to {Bulk}, or one latent frame of decoding): median {step.Median * 1000:0} ms, p99 {step.At(0.99) * 1000:0} ms"));
        Console.WriteLine(FormattableString.Invariant($"beside {Bulk} bulk generations: p50 {under.Median * 1000:0} ms, p99 {under.At(0.99) * 1000:0} ms; p99 / (longest alone + p99 of a piece) = {under.At(0.99) / (own.Longest + step.At(0.99)):0.00}"));
    }

    // The times between two updates of all generations together are those of the pieces that ran in between.
    private static async Task LoadAsync(BenchModel bench, int seed, List<double> steps, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                VideoGenerationRequest request = BenchModel.Request(seed, steps: 20) with { Service = new ServiceTerms { Priority = ServicePriority.Bulk } };
                await foreach (GenerationUpdate update in bench.Model.GenerateAsync(request, stop))
                {
                    Note(update, steps);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }

    private static long _last;

    private static void Note(GenerationUpdate update, List<double> steps)
    {
        foreach (VideoFrame frame in (update as GeneratedFrames)?.Frames ?? [])
        {
            frame.Dispose();
        }

        if (update is not GenerationProgress)
        {
            return;
        }

        lock (steps)
        {
            long now = System.Diagnostics.Stopwatch.GetTimestamp();
            double elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(_last, now).TotalSeconds;

            // Sessions of a shared step tell of it at the same moment.
            if (_last != 0 && elapsed > 0.002)
            {
                steps.Add(elapsed);
            }

            _last = now;
        }
    }
}

namespace MedGen.Bench.Serving;

/// <summary>A tenant that asks for one clip at a time, alone, and while another keeps sixteen clips of the same kind running.</summary>
internal static class FairnessFigure
{
    private const int Flood = 16;
    private const int Requests = 12;
    private const int Steps = 4;

    public static async Task RunAsync()
    {
        // Forwards that both tenants share would hide who has to wait.
        await using BenchModel bench = new(options => options.SharedForwardTokens = 0);
        await bench.GenerateAsync(BenchModel.Request(0));
        (Samples aloneFirst, Samples aloneEnd) = await AskAsync(bench);
        using CancellationTokenSource stop = new();
        Task[] flood = [.. Enumerable.Range(0, Flood).Select(seed => FloodAsync(bench, seed, stop.Token))];
        await Task.Delay(TimeSpan.FromSeconds(2));
        (Samples first, Samples end) = await AskAsync(bench);
        await stop.CancelAsync();
        await Task.WhenAll(flood);
        Console.WriteLine($"seconds, {Requests} clips of {Steps} steps; the other tenant keeps {Flood} running");
        Console.WriteLine("              first step p50    p95   whole clip p50    p95");
        Print("alone", aloneFirst, aloneEnd);
        Print("with flood", first, end);
        Console.WriteLine(FormattableString.Invariant($"p95 of the whole clip with flood / alone: {end.At(0.95) / aloneEnd.At(0.95):0.0}; an even share would be 2, first come first served {Flood + 1}"));
    }

    private static void Print(string name, Samples first, Samples end) => Console.WriteLine(FormattableString.Invariant(
        $"{name,-12} {first.Median,15:0.00} {first.At(0.95),6:0.00} {end.Median,16:0.00} {end.At(0.95),6:0.00}"));

    private static async Task<(Samples First, Samples End)> AskAsync(BenchModel bench)
    {
        List<(double First, double End)> times = [];
        for (int i = 0; i < Requests; i++)
        {
            times.Add(await bench.GenerateAsync(BenchModel.Request(i, Steps, "modest")));
        }

        return (new Samples(times.Select(time => time.First)), new Samples(times.Select(time => time.End)));
    }

    private static async Task FloodAsync(BenchModel bench, int seed, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await bench.GenerateAsync(BenchModel.Request(seed, Steps, "flooding"), stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}

namespace MedGen.Bench.Serving;

/// <summary>The figures of serving, each in a part of its own.</summary>
internal static class ServingBenchmark
{
    private static readonly OrderedDictionary<string, Func<Task>> Figures = new()
    {
        ["dispatch"] = DispatchFigure.RunAsync,
        ["latency"] = LatencyFigure.RunAsync,
        ["throughput"] = ThroughputFigure.RunAsync,
        ["cancel"] = CancelFigure.RunAsync,
        ["memory"] = MemoryFigure.RunAsync,
        ["fairness"] = FairnessFigure.RunAsync,
    };

    public static async Task<int> RunAsync(IReadOnlyList<string> names)
    {
        foreach (string name in names.Where(name => !Figures.ContainsKey(name)))
        {
            Console.Error.WriteLine($"'{name}' is no figure; there are {string.Join(", ", Figures.Keys)}.");
            return 2;
        }

        Console.WriteLine($"{Environment.ProcessorCount} processors");
        foreach (string name in names.Count == 0 ? [.. Figures.Keys] : names)
        {
            Console.WriteLine($"\n{name}");
            await Figures[name]();
        }

        return 0;
    }
}

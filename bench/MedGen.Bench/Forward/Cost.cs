using System.Diagnostics;

namespace MedGen.Bench.Forward;

/// <summary>What one run took.</summary>
/// <param name="Seconds">By the clock; a busy neighbour makes it longer.</param>
/// <param name="ProcessorSeconds">Of this process on all processors.</param>
internal readonly record struct Cost(double Seconds, double ProcessorSeconds)
{
    /// <summary>Runs an action, short ones several times.</summary>
    /// <param name="action">What to run.</param>
    /// <param name="atLeast">Seconds that the runs shall take together.</param>
    /// <returns>The cost of one run.</returns>
    public static Cost Of(Action action, double atLeast = 0)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        int runs = 0;
        do
        {
            action();
            runs++;
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < atLeast);
        return new Cost(Stopwatch.GetElapsedTime(start).TotalSeconds / runs, (Environment.CpuUsage.TotalTime - processor).TotalSeconds / runs);
    }

    /// <summary>Each action in turn, round after round, so that a busy neighbour slows all of them.</summary>
    /// <param name="rounds">Rounds that count.</param>
    /// <param name="atLeast">Seconds that the runs of one action shall take in a round.</param>
    /// <param name="actions">What to compare.</param>
    /// <returns>Median cost of each.</returns>
    public static Cost[] InTurn(int rounds, double atLeast, params Action[] actions)
    {
        Cost[][] costs = [.. Enumerable.Range(0, rounds).Select(_ => Array.ConvertAll(actions, action => Of(action, atLeast)))];
        return [.. actions.Select((_, i) => new Cost(Median(costs.Select(round => round[i].Seconds)), Median(costs.Select(round => round[i].ProcessorSeconds))))];
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}

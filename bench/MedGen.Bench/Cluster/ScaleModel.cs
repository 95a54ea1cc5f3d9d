using System.Globalization;

namespace MedGen.Bench.Cluster;

/// <summary>
/// A discrete-event model of a large cluster: jobs arrive with a daily swing, wait by priority and age as the records order them (ten minutes of
/// waiting count as one priority), and run on the next free worker. It says what the queue does; what servers bear is measured beside it.
/// </summary>
internal static class ScaleModel
{
    private const int Workers = 1000;
    private const int JobsPerDay = 1_000_000;
    private const double SecondsPerDay = 86_400;
    private const double Ageing = 600; // s of waiting that count as one priority
    private const double Swing = 0.4; // at noon so much more than the mean, at midnight so much less
    private const int Seed = 1;

    // Assumed, not measured: created, running, stages, checkpoints, result and end of a generation of some 20 steps.
    private const int WritesPerJob = 14;

    private static readonly (string Name, double Share)[] Priorities = [("interactive", 0.1), ("normal", 0.6), ("bulk", 0.3)];

    /// <summary>Runs the model at three loads and prints what came of it.</summary>
    public static int Print()
    {
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"model: {Workers} workers, {JobsPerDay:n0} jobs a day, {Swing:P0} more at noon; a job's length is uniform from half to one and a half of the mean"));
        Console.WriteLine("mean job s  busy   wait s, p50 / p99: interactive          normal            bulk   claims asked for a second, mean / most");
        foreach (double mean in new[] { 45.0, 65, 80, 85 })
        {
            Console.WriteLine(Run(mean));
        }

        Console.WriteLine(FormattableString.Invariant(
            $"records written a second: {JobsPerDay * WritesPerJob / SecondsPerDay:0} in the mean, {JobsPerDay * WritesPerJob * (1 + Swing) / SecondsPerDay:0} at noon"));
        return 0;
    }

    private static string Run(double meanSeconds)
    {
        Random random = new(Seed);
        double[] arrivals = Arrivals(random);

        // Effective time of arrival: a priority less is ten minutes later. The records count whole priorities, which comes to the same within ten minutes.
        PriorityQueue<(double Arrival, int Priority), double> waiting = new();
        PriorityQueue<int, double> running = new();
        List<double>[] waits = [.. Priorities.Select(_ => new List<double>())];
        Dictionary<int, long> asked = [];
        double busy = 0;
        int free = Workers;
        int next = 0;
        double clock = 0;
        while (next < arrivals.Length || waiting.Count > 0)
        {
            double arrival = next < arrivals.Length ? arrivals[next] : double.PositiveInfinity;
            double end = running.TryPeek(out _, out double first) ? first : double.PositiveInfinity;
            if (arrival <= end)
            {
                clock = arrival;
                int priority = Draw(random);
                waiting.Enqueue((clock, priority), clock + (Ageing * priority));
                int second = (int)clock;
                asked[second] = asked.GetValueOrDefault(second) + Math.Max(1, free); // every idle worker asks for a job that comes
                next++;
            }
            else
            {
                clock = end;
                running.Dequeue();
                free++;
                asked[(int)clock] = asked.GetValueOrDefault((int)clock) + 1;
            }

            while (free > 0 && waiting.TryDequeue(out (double Arrival, int Priority) job, out _))
            {
                double length = meanSeconds * (0.5 + random.NextDouble());
                waits[job.Priority].Add(clock - job.Arrival);
                busy += length;
                free--;
                running.Enqueue(0, clock + length);
            }
        }

        string[] columns =
        [
            .. waits.Select(own =>
            {
                own.Sort();
                return string.Create(CultureInfo.InvariantCulture, $"{own[own.Count / 2],7:0.0} / {own[(int)(own.Count * 0.99)],6:0.0}");
            }),
        ];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{meanSeconds,10:0}  {busy / (Workers * SecondsPerDay),4:P0} {string.Join(' ', columns),52} {asked.Values.Average(),12:0} / {asked.Values.Max():0}");
    }

    // A Poisson process whose rate swings once a day, by thinning.
    private static double[] Arrivals(Random random)
    {
        double rate = JobsPerDay / SecondsPerDay;
        double most = rate * (1 + Swing);
        List<double> times = [];
        for (double time = 0; ;)
        {
            time -= Math.Log(1 - random.NextDouble()) / most;
            if (time >= SecondsPerDay)
            {
                return [.. times];
            }

            if (random.NextDouble() * most < rate * (1 - (Swing * Math.Cos(2 * Math.PI * time / SecondsPerDay))))
            {
                times.Add(time);
            }
        }
    }

    private static int Draw(Random random)
    {
        double value = random.NextDouble();
        return value < Priorities[0].Share ? 0 : value < Priorities[0].Share + Priorities[1].Share ? 1 : 2;
    }
}

namespace MedGen.Bench.Serving;

/// <summary>So many generations of medgen-mini at once against one after another, with and without shared forwards, in turns.</summary>
internal static class ThroughputFigure
{
    private const int Steps = 6;
    private const int Rounds = 3;

    public static async Task RunAsync()
    {
        await using BenchModel sharing = new();
        await using BenchModel taking = new(options => options.SharedForwardTokens = 0);
        await sharing.GenerateAsync(BenchModel.Request(0));
        await taking.GenerateAsync(BenchModel.Request(0));
        Console.WriteLine($"128×128×17, {Steps} steps with guidance; clips a minute, medians of {Rounds} rounds");
        Console.WriteLine("at once  one after another  taking turns  sharing forwards  turns / one after another  sharing / one after another");
        foreach (int count in new[] { 1, 2, 4, 8 })
        {
            List<double> after = [], turns = [], shared = [];
            for (int round = 0; round < Rounds; round++)
            {
                after.Add(await BenchModel.TimeAsync(async () =>
                {
                    for (int i = 0; i < count; i++)
                    {
                        await taking.GenerateAsync(BenchModel.Request(i, Steps));
                    }
                }));
                turns.Add(await AtOnceAsync(taking, count));
                shared.Add(await AtOnceAsync(sharing, count));
            }

            double Rate(List<double> times) => 60 * count / new Samples(times).Median;
            Console.WriteLine(FormattableString.Invariant(
                $"{count,7} {Rate(after),18:0.0} {Rate(turns),13:0.0} {Rate(shared),17:0.0} {Rate(turns) / Rate(after),26:0.00} {Rate(shared) / Rate(after),28:0.00}"));
        }
    }

    private static Task<double> AtOnceAsync(BenchModel bench, int count) =>
        BenchModel.TimeAsync(() => Task.WhenAll(Enumerable.Range(0, count).Select(i => bench.GenerateAsync(BenchModel.Request(i, Steps)))));
}

using MedGen.Sdk.Generation;

namespace MedGen.Bench.Serving;

/// <summary>So many generations of medgen-mini at once against one after another, with and without shared forwards, in turns.</summary>
internal static class ThroughputFigure
{
    private const int Steps = 4;
    private const int Rounds = 2;

    public static async Task RunAsync()
    {
        await using BenchModel sharing = new();
        await using BenchModel taking = new(options => options.SharedForwardTokens = 0);
        await sharing.GenerateAsync(BenchModel.Request(0));
        await taking.GenerateAsync(BenchModel.Request(0));
        Console.WriteLine($"{Steps} steps with guidance; clips a minute, the slower of {Rounds} rounds left out");
        Console.WriteLine("clip        at once  one after another  taking turns  sharing forwards  turns / one after another  sharing / one after another");
        foreach ((int side, int count) in new[] { (64, 1), (64, 2), (64, 4), (64, 8), (128, 1), (128, 2), (128, 4), (128, 8) })
        {
            List<double> after = [], turns = [], shared = [];
            for (int round = 0; round < Rounds; round++)
            {
                after.Add(await BenchModel.TimeAsync(async () =>
                {
                    for (int i = 0; i < count; i++)
                    {
                        await taking.GenerateAsync(Request(i, side));
                    }
                }));
                turns.Add(await AtOnceAsync(taking, count, side));
                shared.Add(await AtOnceAsync(sharing, count, side));
            }

            double Rate(List<double> times) => 60 * count / new Samples(times).Median;
            Console.WriteLine(FormattableString.Invariant(
                $"{side + "×" + side + "×17",-11} {count,7} {Rate(after),18:0.0} {Rate(turns),13:0.0} {Rate(shared),17:0.0} {Rate(turns) / Rate(after),26:0.00} {Rate(shared) / Rate(after),28:0.00}"));
        }
    }

    private static VideoGenerationRequest Request(int seed, int side) => BenchModel.Request(seed, Steps) with { Width = side, Height = side };

    private static Task<double> AtOnceAsync(BenchModel bench, int count, int side) =>
        BenchModel.TimeAsync(() => Task.WhenAll(Enumerable.Range(0, count).Select(i => bench.GenerateAsync(Request(i, side)))));
}

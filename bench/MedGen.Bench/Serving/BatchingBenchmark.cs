using System.Diagnostics;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using static TorchSharp.torch;

namespace MedGen.Bench.Serving;

/// <summary>A guided denoising step of B sessions of medgen-mini in one forward against B times a step alone, in turns, by the size of the clip.</summary>
internal static class BatchingBenchmark
{
    private const int Rounds = 5;

    public static Task<int> RunAsync()
    {
        using MedGenPipeline pipeline = MedGenPipeline.Open(ModelFolder.Open(RepositoryFolder.Path("models", "medgen-mini")), CPU, ScalarType.Float32);
        using IDisposable inference = inference_mode();
        Console.WriteLine(FormattableString.Invariant($"{get_num_threads()} threads; medians of {Rounds} rounds; ratio above 1: sharing pays"));
        Console.WriteLine("clip          tokens  sessions  tokens of the forward  alone ms  shared ms  alone / shared");
        foreach ((int side, int frames) in new[] { (32, 1), (64, 5), (64, 17), (128, 17), (192, 17) })
        {
            foreach (int count in new[] { 1, 2, 4, 8 })
            {
                Compare(pipeline, side, frames, count);
            }
        }

        return Task.FromResult(0);
    }

    private static void Compare(MedGenPipeline pipeline, int side, int frames, int count)
    {
        List<GenerationSession> sessions = [.. Enumerable.Range(0, count).Select(seed => pipeline.Start(BenchModel.Request(seed, steps: 200) with { Width = side, Height = side, NumFrames = frames }))];
        sessions.ForEach(session => session.Step());
        using SessionBatch batch = new(sessions);
        List<double> alone = [], shared = [];
        for (int round = 0; round <= Rounds; round++)
        {
            alone.Add(Time(() => sessions.ForEach(session => session.Step())));
            shared.Add(Time(() => batch.Step()));
        }

        long tokens = pipeline.CostOf(BenchModel.Request(0) with { Width = side, Height = side, NumFrames = frames }).Tokens;
        double one = new Samples(alone.Skip(1)).Median * 1000;
        double together = new Samples(shared.Skip(1)).Median * 1000;
        Console.WriteLine(FormattableString.Invariant(
            $"{side + "×" + side + "×" + frames,-12} {tokens,7} {count,9} {2 * count * tokens,22} {one,9:0.0} {together,10:0.0} {one / together,15:0.00}"));
        sessions.ForEach(session => session.Dispose());
    }

    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

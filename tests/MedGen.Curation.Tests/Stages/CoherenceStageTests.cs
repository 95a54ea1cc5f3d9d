using MedGen.Curation.Clips;
using MedGen.Curation.Specifications;
using MedGen.Curation.Stages;

namespace MedGen.Curation.Tests.Stages;

public class CoherenceStageTests
{
    [Fact]
    public async Task Run_UnlikeSecond_DividesThereAndDropsTheShortRun()
    {
        double[] similarities = [0.1, 0.9, 0.9, 0.5, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9];
        using ClipSource source = Film(similarities);

        IReadOnlyList<CuratedClip> runs = await Sources.RunAsync(new CoherenceStage(new CoherenceSpec { MinSimilarity = 0.85 }), source);

        runs.Select(run => (run.Start, run.End, run.IsAlive)).ShouldBe([(0, 3, false), (3, 10, true)]);
        runs[0].Reason.ShouldBe("a run of 3.0 s; at least 6.0 s");
        runs[1].Scores["similarity"].ShouldBe(0.9, 1e-9);
    }

    [Fact]
    public async Task Run_LongRun_IsDividedIntoEqualPartsThatAreLongEnough()
    {
        using ClipSource source = Film([.. Enumerable.Repeat(1.0, 70)]);

        IReadOnlyList<CuratedClip> runs = await Sources.RunAsync(new CoherenceStage(new CoherenceSpec { MaxSeconds = 30 }), source);

        runs.Count.ShouldBe(3);
        runs.ShouldAllBe(run => Math.Abs(run.Seconds - (70 / 3.0)) < 1e-9 && run.IsAlive);
        runs[^1].End.ShouldBe(70);
    }

    private static ClipSource Film(double[] similarities) =>
        Sources.Of(Sources.Frames([.. Enumerable.Repeat((100.0, 0.0), similarities.Length * Sources.Rate)]), Sources.Seconds(similarities));
}

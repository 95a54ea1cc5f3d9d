using MedGen.Curation.Clips;
using MedGen.Curation.Specifications;
using MedGen.Curation.Stages;

namespace MedGen.Curation.Tests.Stages;

public class ShotStageTests
{
    private static readonly ShotStage Stage = new(new ShotSpec());

    [Fact]
    public async Task Run_Cut_LeavesOutTheTimeBetweenItsFrames()
    {
        using ClipSource source = Sources.Of(Sources.Frames((100, 0), (100, 3), (100, 3), (100, 40), (100, 3), (100, 3)));

        IReadOnlyList<CuratedClip> shots = await Sources.RunAsync(Stage, source);

        shots.Select(shot => (Math.Round(shot.Start, 3), Math.Round(shot.End, 3))).ShouldBe([(0, 0.4), (0.6, 1.2)]);
    }

    [Fact]
    public async Task Run_ChangeBelowTheThreshold_IsNoCut()
    {
        using ClipSource source = Sources.Of(Sources.Frames((100, 0), (100, 26.9), (100, 26.9), (100, 3)));

        (await Sources.RunAsync(Stage, source)).Single().End.ShouldBe(0.8);
    }

    [Fact]
    public async Task Run_Fade_LeavesOutItsSlopesAndTheBlackBetween()
    {
        using ClipSource source = Sources.Of(Sources.Frames(
            (90, 0), (90, 1), (90, 1), (60, 10), (30, 10), (5, 8), (0, 2), (20, 8), (50, 10), (80, 10), (81, 1), (80, 1)));

        IReadOnlyList<CuratedClip> shots = await Sources.RunAsync(Stage, source);

        // The slopes begin and end with frames of full brightness, which are left out, too.
        shots.Select(shot => (Math.Round(shot.Start, 3), Math.Round(shot.End, 3))).ShouldBe([(0, 0.2), (2, 2.4)]);
    }

    [Fact]
    public async Task Run_CutToBlack_KeepsAllOfTheShotBefore()
    {
        using ClipSource source = Sources.Of(Sources.Frames((90, 0), (95, 1), (99, 1), (0, 60), (0, 0), (99, 60), (90, 1)));

        IReadOnlyList<CuratedClip> shots = await Sources.RunAsync(Stage, source);

        shots.Select(shot => (Math.Round(shot.Start, 3), Math.Round(shot.End, 3))).ShouldBe([(0, 0.4), (1, 1.4)]);
    }

    [Fact]
    public async Task Run_BlackThroughout_IsDroppedWithItsReason()
    {
        using ClipSource source = Sources.Of(Sources.Frames((0, 0), (0, 0), (0, 0)));

        CuratedClip dropped = (await Sources.RunAsync(Stage, source)).Single();

        (dropped.RejectedBy, dropped.Reason).ShouldBe(("shots", "black or white throughout"));
    }
}

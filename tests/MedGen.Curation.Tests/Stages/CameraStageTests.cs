using MedGen.Curation.Clips;
using MedGen.Curation.Scanning;
using MedGen.Curation.Stages;

namespace MedGen.Curation.Tests.Stages;

public class CameraStageTests
{
    private static readonly CameraShift Still = new(0.0004, -0.0005, 0, 0);

    [Theory]
    [InlineData(-0.02, 0, 0, 0, "pan right", "camera_pan", 0.1)]
    [InlineData(0.02, 0, 0, 0, "pan left", "camera_pan", -0.1)]
    [InlineData(0, -0.02, 0, 0, "tilt down", "camera_tilt", 0.1)]
    [InlineData(0, 0.02, 0, 0, "tilt up", "camera_tilt", -0.1)]
    [InlineData(0, 0, 0.04, 0, "zoom in", "camera_zoom", 0.2)]
    [InlineData(0, 0, -0.04, 0, "zoom out", "camera_zoom", -0.2)]
    [InlineData(0, 0, 0, -0.04, "roll clockwise", "camera_roll", 11.459)]
    [InlineData(0, 0, 0, 0.04, "roll counterclockwise", "camera_roll", -11.459)]
    [InlineData(-0.02, 0.018, 0, 0, "pan right|tilt up", "camera_tilt", -0.09)]
    public async Task Run_SteadyMotion_IsNamed(double x, double y, double growth, double turn, string word, string score, double value)
    {
        CuratedClip clip = await RunAsync([.. Enumerable.Repeat(new CameraShift(x, y, growth, turn), 20)]);

        clip.CameraMotion.ShouldBe(word);
        clip.Scores[score].ShouldBe(value, 0.001);
    }

    [Fact]
    public async Task Run_NothingOrToAndFro_IsStaticOrUnsteady()
    {
        (await RunAsync([.. Enumerable.Repeat(Still, 20)])).CameraMotion.ShouldBe("static");
        (await RunAsync([.. Enumerable.Range(0, 20).Select(i => new CameraShift(i % 2 == 0 ? 0.03 : -0.03, 0, 0, 0))])).CameraMotion.ShouldBe("unsteady");
    }

    [Fact]
    public async Task Run_TooFewShifts_SaysNothing()
    {
        CuratedClip clip = await RunAsync([.. Enumerable.Range(0, 20).Select(i => i < 9 ? Still : null)]);

        clip.CameraMotion.ShouldBeNull();
        clip.Scores.ShouldBeEmpty();
        clip.IsAlive.ShouldBeTrue();
    }

    // The first frame's shift, from what lies before the clip, must not count.
    private static async Task<CuratedClip> RunAsync(CameraShift?[] shifts)
    {
        using ClipSource source = Sources.Of(
            new CameraShift?[] { new(0.5, 0.5, 1, 1) }.Concat(shifts).Select((shift, i) =>
                new ScanFrame((double)i / Sources.Rate, 0, 100, 1, Sources.NoBorders, shift)));
        return (await Sources.RunAsync(new CameraStage(), source)).ShouldHaveSingleItem();
    }
}

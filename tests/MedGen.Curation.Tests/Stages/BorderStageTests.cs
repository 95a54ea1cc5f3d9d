using MedGen.Curation.Clips;
using MedGen.Curation.Scanning;
using MedGen.Curation.Specifications;
using MedGen.Curation.Stages;
using MedGen.Media.Cutting;

namespace MedGen.Curation.Tests.Stages;

public class BorderStageTests
{
    private static readonly BlackBorders Bars = new(0, 6, 0, 6);

    [Theory]
    [InlineData(BorderAction.Drop, false)]
    [InlineData(BorderAction.Keep, true)]
    public async Task Run_LastingBars_OffersTheCrop(BorderAction action, bool stays)
    {
        using ClipSource source = Film(Enumerable.Repeat(Bars, 20));

        CuratedClip clip = await RunAsync(source, new BorderSpec { Action = action }, minShortSide: 480);

        clip.IsAlive.ShouldBe(stays);

        // 6 and one more line of 48 in a film of 480 px, on both sides.
        clip.Crop.ShouldBe(new PictureCrop(0, 70, 640, 340));
    }

    [Fact]
    public async Task Run_CropThatLeavesTooLittle_IsDropped()
    {
        using ClipSource source = Film(Enumerable.Repeat(Bars, 20));

        (await RunAsync(source, new BorderSpec { Action = BorderAction.Crop }, minShortSide: 480)).Reason!.ShouldContain("640x340 px without its borders");
        (await RunAsync(source, new BorderSpec { Action = BorderAction.Crop }, minShortSide: 320)).IsAlive.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_BarsOfAFewFrames_AreNone()
    {
        using ClipSource source = Film([.. Enumerable.Repeat(Bars, 18), Sources.NoBorders, Sources.NoBorders]);

        CuratedClip clip = await RunAsync(source, new BorderSpec(), minShortSide: 480);

        (clip.IsAlive, clip.Crop).ShouldBe((true, null));
    }

    private static ClipSource Film(IEnumerable<BlackBorders> borders) =>
        Sources.Of(borders.Select((one, i) => new ScanFrame((double)i / Sources.Rate, 0, 100, 1, one)));

    private static async Task<CuratedClip> RunAsync(ClipSource source, BorderSpec spec, int minShortSide) =>
        (await Sources.RunAsync(new BorderStage(spec, minShortSide), source)).Single();
}

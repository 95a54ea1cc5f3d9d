using MedGen.Sdk.Frames;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reading;
using MedGen.Evaluation.Studies;
using SkiaSharp;

namespace MedGen.Evaluation.Tests.Studies;

public sealed class SampleSheetTests
{
    [Fact]
    public void Choose_TakesTheClassesInTurns()
    {
        DatasetItem[] items = [.. new[] { "a3", "a1", "a2", "a4", "b1" }.Select(name => new DatasetItem { FileName = $"{name}.mp4", FullPath = "", Label = name[..1] })];

        SampleSheet.Choose(items, new LabelScheme()).Select(item => item.FileName).ShouldBe(["a1.mp4", "b1.mp4", "a2.mp4", "a3.mp4"]);
    }

    [Fact]
    public void Strip_OfAClip_ShowsFirstToLastFrame()
    {
        ClipShape shape = new() { Width = 4, Height = 2, NumFrames = 7, FramesPerSecond = 8 };
        byte[] pixels = [.. Enumerable.Range(0, 7).SelectMany(frame => Enumerable.Repeat((byte)(frame * 30), shape.FrameBytes))];

        using SKBitmap strip = SKBitmap.Decode(SampleSheet.Strip(pixels, shape));

        (strip.Width, strip.Height).ShouldBe(((4 * 4) + (3 * 2), 2));
        Enumerable.Range(0, 4).Select(column => (int)strip.GetPixel(column * 6, 1).Red).ShouldBe([0, 60, 120, 180]);
        strip.GetPixel(4, 0).Red.ShouldBe((byte)255);
    }
}

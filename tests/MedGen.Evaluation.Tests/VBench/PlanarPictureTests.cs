using MedGen.Evaluation.VBench.Dimensions;
using MedGen.Evaluation.VBench.Networks;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Tests.VBench;

[Collection("torch")]
public sealed class PlanarPictureTests
{
    [Fact]
    public void Scale_UpByBilinear_PutsHalfPixelsBetween() =>
        Row(0, 100).ScaleShorterTo(4, InterpolationMode.Bilinear).Numbers[..4].ShouldBe([0, 25, 75, 100]);

    // Without antialiasing only two neighbours count, however far the pixels lie apart.
    [Fact]
    public void Scale_DownByBilinear_LooksAtTwoNeighboursOnly() =>
        Row(7, 10, 20, 7, 7, 40, 60, 7).ScaleShorterTo(2, InterpolationMode.Bilinear).Numbers[..2].ShouldBe([15, 50]);

    // At half way cubic weights with a = -0.75 are -0.09375, 0.59375, 0.59375, -0.09375; the edge is repeated.
    [Fact]
    public void Scale_DownByBicubic_HasTorchsWeights() =>
        Row(0, 10, 20, 90).ScaleShorterTo(2, InterpolationMode.Bicubic).Numbers[0].ShouldBe((0.59375f * 10) - (0.09375f * 20), 1e-4f);

    [Fact]
    public void PadAndCutBack_OfAnOddSize_RepeatsTheEdgeAndGivesTheFrameBack()
    {
        ClipFrame frame = new([.. Enumerable.Range(0, 17 * 5 * 3).Select(i => (byte)i)], 17, 5);

        PlanarPicture padded = PlanarPicture.Of(frame).PadTo(16);

        (padded.Width, padded.Height).ShouldBe((32, 16));
        padded.Numbers[..8].ShouldAllBe(value => value == 0); // 15 columns more: 7 left, 8 right; 11 rows more: 5 above
        padded.Over(255).ToFrame(17, 5).Pixels.Zip(frame.Pixels).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= 1); // rounded down
    }

    [Fact]
    public void Subject_OfAWideFrame_HasDinosSizeAndNormalisation()
    {
        PlanarPicture picture = SubjectNetwork.Prepare(TestClips.Colour(255, 0, 51, 64, 48));

        (picture.Width, picture.Height).ShouldBe((298, 224)); // 224 · 64 / 48 = 298.67, rounded down
        Channels(picture).ShouldBe([(1 - 0.485f) / 0.229f, -0.456f / 0.224f, (0.2f - 0.406f) / 0.225f], 1e-4f);
    }

    [Fact]
    public void Background_OfAWideFrame_CutsTheMiddleAndHasClipsNormalisation()
    {
        ClipFrame frame = TestClips.Colour(255, 0, 51, 64, 32);
        for (int y = 0; y < 32; y++)
        {
            frame.Pixels.AsSpan(y * 64 * 3, 12 * 3).Clear(); // outside of the middle 32 columns
        }

        PlanarPicture picture = BackgroundNetwork.Prepare(frame);

        (picture.Width, picture.Height).ShouldBe((224, 224));
        Channels(picture).ShouldBe([(1 - 0.48145466f) / 0.26862954f, -0.4578275f / 0.26130258f, (0.2f - 0.40821073f) / 0.27577711f], 1e-4f);
    }

    [Theory]
    [InlineData(1024, 500, 512, 250)]
    [InlineData(512, 300, 512, 300)]
    public void Imaging_OfALongSide_IsAtMost512(int width, int height, int newWidth, int newHeight)
    {
        PlanarPicture picture = ImagingNetwork.Prepare(TestClips.Grey(51, width, height));

        (picture.Width, picture.Height, picture.Numbers[0]).ShouldBe((newWidth, newHeight, 0.2f));
    }

    [Fact]
    public void MotionAndFlow_OfAFrame_ArePaddedInTheirRanges()
    {
        PlanarPicture motion = MotionNetwork.Prepare(TestClips.Grey(51, 17, 16));
        PlanarPicture flow = FlowNetwork.Prepare(TestClips.Grey(51, 17, 16));

        (motion.Width, motion.Height, motion.Numbers[^1]).ShouldBe((32, 16, 0.2f));
        (flow.Width, flow.Height, flow.Numbers[^1]).ShouldBe((24, 16, 51f));
    }

    // A square of which each row is this one, so that the shorter side is the row's.
    private static PlanarPicture Row(params byte[] values) =>
        PlanarPicture.Of(new ClipFrame([.. values.SelectMany(_ => values.SelectMany(value => new[] { value, value, value }))], values.Length, values.Length));

    private static float[] Channels(PlanarPicture picture)
    {
        int plane = picture.Width * picture.Height;
        return [.. Enumerable.Range(0, 3).Select(channel => picture.Numbers[(channel * plane) + (plane / 2) + (picture.Width / 2)])];
    }
}

using System.Numerics;
using MedGen.Curation.Scanning;

namespace MedGen.Curation.Tests.Scanning;

public class FrameMeasuresTests
{
    private const int Width = 36;
    private const int Height = 32;

    [Fact]
    public void ColourChange_OfGreyNoise_CountsNoHue()
    {
        ColourChange change = new(1);

        change.Take([100, 101, 100]).ShouldBe(0);

        // Hue goes half round, saturation stays at 1, value at 101: a hue of 90 counts by 1 of 255.
        change.Take([101, 100, 101]).ShouldBe(0);
    }

    [Fact]
    public void ColourChange_OfColours_IsTheMeanOfHueSaturationAndValue()
    {
        ColourChange change = new(1);
        change.Take([255, 0, 0]);

        // From red (hue 0) to green (60 half degrees), saturation and value as before.
        change.Take([0, 255, 0]).ShouldBe(20);
        change.Take([0, 0, 0]).ShouldBe((255 + 255) / 3.0);
    }

    [Fact]
    public void BlackBorders_OfALetterbox_AreItsLines()
    {
        byte[] luma = new byte[Width * Height];
        for (int y = 4; y < Height - 6; y++)
        {
            for (int x = 2; x < Width; x++)
            {
                luma[(y * Width) + x] = 90;
            }
        }

        BlackBorders.Of(luma, Width, Height, black: 20).ShouldBe(new BlackBorders(2, 4, 0, 6));
        BlackBorders.Of(new byte[Width * Height], Width, Height, black: 20).Left.ShouldBe(Width);
    }

    [Fact]
    public void BlackBorders_AroundASector_AreNone()
    {
        byte[] luma = new byte[Width * Height];
        for (int y = 4; y < Height; y++)
        {
            for (int x = (Width / 2) - (y / 2); x < (Width / 2) + (y / 2); x++)
            {
                luma[(y * Width) + x] = 90;
            }
        }

        BlackBorders.Of(luma, Width, Height, black: 20).ShouldBe(new BlackBorders(0, 0, 0, 0));
    }

    [Fact]
    public void FrameHash_SurvivesAnotherSizeAndBrightness_AndTellsPicturesApart()
    {
        ulong hash = FrameHash.Of(Picture(1, 1, 0), Width, Height);

        BitOperations.PopCount(hash ^ FrameHash.Of(Picture(2, 0.8, 10), 2 * Width, 2 * Height)).ShouldBeLessThanOrEqualTo(3);
        BitOperations.PopCount(hash ^ FrameHash.Of([.. Picture(1, 1, 0).Reverse()], Width, Height)).ShouldBeGreaterThan(8);
        FrameHash.Of([.. Enumerable.Repeat((byte)77, Width * Height)], Width, Height).ShouldBe(0UL);
    }

    private static byte[] Picture(int scale, double contrast, int offset)
    {
        byte[] luma = new byte[Width * Height * scale * scale];
        for (int y = 0; y < Height * scale; y++)
        {
            for (int x = 0; x < Width * scale; x++)
            {
                (double u, double v) = ((double)x / scale / Width, (double)y / scale / Height);
                luma[(y * Width * scale) + x] = (byte)((contrast * (100 + (60 * Math.Sin(9 * u * v)) + (40 * Math.Cos(7 * u)))) + offset);
            }
        }

        return luma;
    }
}

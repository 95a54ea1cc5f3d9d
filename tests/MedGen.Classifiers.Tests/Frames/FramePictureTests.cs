using MedGen.Sdk.Frames;
using MedGen.Classifiers.Frames;

namespace MedGen.Classifiers.Tests.Frames;

public sealed class FramePictureTests
{
    [Theory]
    [InlineData(0, 0, 20, 20)]
    [InlineData(37, 5, 0, 91)]
    [InlineData(200, 150, 200, 150)]
    public void FromFrame_BlackBorderOfAnySize_GivesTheSamePicture(int left, int top, int right, int bottom)
    {
        using VideoFrame bare = Disc(160, 120);
        using VideoFrame framed = Pad(bare, left, top, right, bottom, 0);

        MeanDifference(FramePicture.FromFrame(bare), FramePicture.FromFrame(framed)).ShouldBeLessThan(4);
    }

    [Fact]
    public void FromFrame_WhiteBars_GivesTheSamePicture()
    {
        using VideoFrame bare = Disc(160, 120);
        using VideoFrame letterboxed = Pad(bare, 0, 60, 0, 60, 255);

        MeanDifference(FramePicture.FromFrame(bare), FramePicture.FromFrame(letterboxed)).ShouldBeLessThan(4);
    }

    [Fact]
    public void Find_PrintBesideThePicture_IsLeftOut()
    {
        using VideoFrame bare = Disc(160, 120);
        using VideoFrame framed = Pad(bare, 100, 100, 100, 100, 0);
        for (int x = 10; x < 90; x += 3)
        {
            framed.WritablePixels.Span.Slice(((12 * framed.Width) + x) * 3, 3).Fill(255);
        }

        ContentBox box = ContentBoxFinder.Find(framed);

        box.Top.ShouldBeGreaterThan(80);
        box.Left.ShouldBeGreaterThan(80);
    }

    [Fact]
    public void IsFlat_PlainFrame_IsTrue()
    {
        byte[] gray = new byte[64 * 48 * 3];
        gray.AsSpan().Fill(90);

        FramePicture.FromFrame(VideoFrame.Wrap(gray, 64, 48)).IsFlat.ShouldBeTrue();
        using VideoFrame disc = Disc(64, 48);
        FramePicture.FromFrame(disc).IsFlat.ShouldBeFalse();
    }

    /// <summary>A shaded ellipse that touches all four edges, on black.</summary>
    private static VideoFrame Disc(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
        {
            double x = ((i % width) + 0.5 - (width / 2.0)) / (width / 2.0);
            double y = ((i / width) + 0.5 - (height / 2.0)) / (height / 2.0);
            if ((x * x) + (y * y) <= 1)
            {
                pixels.AsSpan(i * 3, 3).Fill((byte)(150 + (60 * x) + (40 * Math.Sin(9 * y))));
            }
        }

        return VideoFrame.Wrap(pixels, width, height);
    }

    private static VideoFrame Pad(VideoFrame frame, int left, int top, int right, int bottom, byte level)
    {
        int width = frame.Width + left + right;
        byte[] pixels = new byte[width * (frame.Height + top + bottom) * 3];
        pixels.AsSpan().Fill(level);
        for (int y = 0; y < frame.Height; y++)
        {
            frame.Pixels.Span.Slice(y * frame.Width * 3, frame.Width * 3).CopyTo(pixels.AsSpan((((top + y) * width) + left) * 3));
        }

        return VideoFrame.Wrap(pixels, width, frame.Height + top + bottom);
    }

    private static double MeanDifference(FramePicture a, FramePicture b)
    {
        double sum = 0;
        for (int i = 0; i < FramePicture.ByteCount; i++)
        {
            sum += Math.Abs(a.Pixels[i] - b.Pixels[i]);
        }

        return sum / FramePicture.ByteCount;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Find_InASoftGradient_IsTheWholeFrame(bool downwards)
    {
        using VideoFrame frame = VideoFrame.Rent(128, 128);
        for (int i = 0; i < 128 * 128 * 3; i++)
        {
            int at = downwards ? i / 3 / 128 : i / 3 % 128;
            frame.WritablePixels.Span[i] = (byte)(100 + (at / 4));
        }

        ContentBoxFinder.Find(frame).ShouldBe(new ContentBox(0, 0, 128, 128));
    }
}

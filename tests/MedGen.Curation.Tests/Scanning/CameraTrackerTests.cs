using MedGen.Curation.Scanning;

namespace MedGen.Curation.Tests.Scanning;

public class CameraTrackerTests
{
    private const int Width = 256;
    private const int Height = 192;

    [Theory]
    [InlineData(6, 0, 0, 0)]
    [InlineData(-5, 3, 0, 0)]
    [InlineData(0, 0, 0.03, 0)]
    [InlineData(2, 0, -0.02, 0)]
    [InlineData(0, 0, 0, 0.03)]
    [InlineData(0, 0, 0, 0)]
    public void Take_APictureThatMovesAsAWhole_IsItsMotion(double x, double y, double growth, double turn)
    {
        CameraTracker tracker = new(Width, Height);
        tracker.Take(Picture(0, 0, 0, 0), Width, Height).ShouldBeNull();

        CameraShift shift = tracker.Take(Picture(x, y, growth, turn), Width, Height).ShouldNotBeNull();

        shift.X.ShouldBe(x / Width, 0.002);
        shift.Y.ShouldBe(y / Width, 0.002);
        shift.Growth.ShouldBe(growth, 0.006);
        shift.Turn.ShouldBe(turn, 0.006);
    }

    [Fact]
    public void Take_SomethingMovesBeforeASteadyPicture_StandsStill()
    {
        CameraTracker tracker = new(Width, Height);
        tracker.Take(WithInstrument(40), Width, Height);

        CameraShift shift = tracker.Take(WithInstrument(52), Width, Height).ShouldNotBeNull();

        foreach (double motion in new[] { shift.X, shift.Y, shift.Growth, shift.Turn })
        {
            motion.ShouldBe(0, 0.005);
        }
    }

    [Fact]
    public void Take_OtherPictureOrNoTexture_SaysNothing()
    {
        CameraTracker tracker = new(Width, Height);
        tracker.Take(Noise(1), Width, Height);

        tracker.Take(Noise(2), Width, Height).ShouldBeNull();

        byte[] plain = [.. Enumerable.Repeat((byte)120, Width * Height)];
        tracker.Take(plain, Width, Height);
        tracker.Take(plain, Width, Height).ShouldBeNull();
    }

    // What is at a place came from the place before the motion, about the middle of the picture.
    private static byte[] Picture(double x, double y, double growth, double turn)
    {
        byte[] luma = new byte[Width * Height];
        (double cos, double sin) = (Math.Cos(turn), Math.Sin(turn));
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                (double u, double v) = ((column - (Width / 2.0) - x) / (1 + growth), (row - (Height / 2.0) - y) / (1 + growth));
                luma[(row * Width) + column] = Texture((u * cos) + (v * sin), (v * cos) - (u * sin));
            }
        }

        return luma;
    }

    private static byte[] WithInstrument(int at)
    {
        byte[] luma = Picture(0, 0, 0, 0);
        for (int row = 40; row < 120; row++)
        {
            for (int column = at; column < at + 48; column++)
            {
                luma[(row * Width) + column] = (byte)(200 + (40 * Math.Sin((column - at) * row)));
            }
        }

        return luma;
    }

    private static byte[] Noise(int seed)
    {
        byte[] small = new byte[Width / 4 * (Height / 4)];
        new Random(seed).NextBytes(small);
        return [.. Enumerable.Range(0, Width * Height).Select(i => small[(i / Width / 4 * (Width / 4)) + (i % Width / 4)])];
    }

    private static byte Texture(double u, double v) =>
        (byte)(128 + (45 * Math.Sin((u * 0.21) + (3 * Math.Sin(v * 0.031)))) + (45 * Math.Sin((v * 0.19) + (3 * Math.Cos(u * 0.027)))));
}

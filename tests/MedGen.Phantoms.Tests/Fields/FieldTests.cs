using MedGen.Sdk.Frames;
using MedGen.Phantoms.Fields;

namespace MedGen.Phantoms.Tests.Fields;

public class FieldTests
{
    [Fact]
    public void Gaussian_Impulse_SpreadsWithTheStatedDeviations()
    {
        Plane plane = new(41, 37);
        plane[20, 18] = 1;

        Blur.Gaussian(plane, 2.5, 1.5);

        plane.Values.Sum().ShouldBe(1, tolerance: 1e-4);
        double varianceX = 0, varianceY = 0;
        for (int y = 0; y < 37; y++)
        {
            for (int x = 0; x < 41; x++)
            {
                varianceX += plane[x, y] * Math.Pow(x - 20, 2);
                varianceY += plane[x, y] * Math.Pow(y - 18, 2);
            }
        }

        Math.Sqrt(varianceX).ShouldBe(2.5, tolerance: 0.05);
        Math.Sqrt(varianceY).ShouldBe(1.5, tolerance: 0.05);
    }

    [Fact]
    public void Gaussian_ConstantPlane_StaysConstantUpToTheBorder()
    {
        Plane plane = new(33, 32);
        plane.Values.AsSpan().Fill(0.7f);

        Blur.Gaussian(plane, 3);

        plane.Values.ShouldAllBe(v => Math.Abs(v - 0.7f) < 1e-5);
    }

    [Fact]
    public void Sample_BetweenPoints_IsBilinearAndClampedOutside()
    {
        Plane plane = new(2, 2);
        (plane[0, 0], plane[1, 0], plane[0, 1], plane[1, 1]) = (0, 1, 2, 3);

        plane.Sample(0.5f, 0.5f).ShouldBe(1.5f, tolerance: 1e-6);
        plane.Sample(9, -9).ShouldBe(1);
    }

    [Fact]
    public void ValueNoise_Field_IsContinuousCentredAndSeeded()
    {
        ValueNoise noise = new(3);
        float[] values = [.. Enumerable.Range(0, 20_000).Select(i => noise.Fractal(i * 0.37f, i * -0.11f, i * 0.05f, 3))];

        values.Average().ShouldBe(0, tolerance: 0.05);
        values.Max().ShouldBeInRange(0.4f, 1f);
        Math.Abs(noise.At(5.0001f, 2) - noise.At(4.9999f, 2)).ShouldBeLessThan(0.001f);
        new ValueNoise(4).At(0.5f, 0.5f).ShouldNotBe(noise.At(0.5f, 0.5f));
    }

    [Fact]
    public void ToFrame_ValuesBeyondTheRange_AreCut()
    {
        Plane plane = new(4, 1);
        (plane[0, 0], plane[1, 0], plane[2, 0], plane[3, 0]) = (-1, 0.5f, 1, 7);

        using VideoFrame frame = PlaneFrames.ToFrame(plane, plane, plane, 3, 10);

        frame.Pixels.ToArray().ShouldBe([0, 0, 0, 128, 128, 128, 255, 255, 255, 255, 255, 255]);
        frame.Timestamp.ShouldBe(TimeSpan.FromSeconds(0.3));
    }
}

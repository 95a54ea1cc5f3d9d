using MedGen.Onnx.Pictures;

namespace MedGen.Onnx.Tests;

public sealed class ResampledAxisTests
{
    // Pillow 9.4, mode F, BILINEAR.
    [Theory]
    [InlineData(3, new[] { 52.632f, 112.262f, 85.658f })]
    [InlineData(5, new[] { 5.909f, 116.667f, 73.75f, 156.852f, 37.5f })]
    [InlineData(8, new[] { 10f, 0f, 200f, 30f, 90f, 250f, 5f, 60f })]
    [InlineData(12, new[] { 10f, 5f, 33.333f, 166.667f, 115f, 40f, 80f, 170f, 209.167f, 45.833f, 32.5f, 60f })]
    public void Apply_SmallerAndLarger_EqualsPillow(int length, float[] expected)
    {
        float[] row = [10, 0, 200, 30, 90, 250, 5, 60];
        float[] result = new float[length];

        new ResampledAxis(row.Length, length).Apply(row, 0, 1, result);

        result.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-3);
    }
}

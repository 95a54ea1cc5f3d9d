using MedGen.Evaluation.VBench.Dimensions;
using MedGen.Evaluation.VBench.Networks;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.Tests.VBench;

public sealed class DimensionTests
{
    [Fact]
    public void Consistency_OfThreeFrames_IsTheMeanOfBothCosines()
    {
        // Features (1, 0, 0), (0, 1, 0), (1, 0, 0): the second is at right angles to the first; the third to the second, but it equals the first.
        ClipFrame[] frames = [Frame(101, 100), Frame(100, 101), Frame(101, 100)];

        ClipScore score = new Consistency(new OwnValues()).Score(frames)!;

        score.Value.ShouldBe(25, 1e-9);
        score.Weight.ShouldBe(2);
        static ClipFrame Frame(byte red, byte green) => new([red, green, 100], 1, 1);
    }

    [Fact]
    public void Consistency_OfOppositeFrames_IsZeroNotNegative() =>
        new Consistency(new OwnValues()).Score(TestClips.Grey(110), TestClips.Grey(90))!.Value.ShouldBe(0);

    [Fact]
    public void Consistency_OfFramesWithoutFeatures_TellsLikeFromUnlike()
    {
        Consistency.Cosine([], []).ShouldBe(1);
        Consistency.Cosine([], [1]).ShouldBe(0);
    }

    [Fact]
    public void MotionSmoothness_OfOddFramesBesideTheMiddle_IsTheirMeanDistance()
    {
        // Even frames 0, 10, 30; their middles 5 and 20; odd frames 7 and 16, and a last one that has only one neighbour.
        ClipFrame[] frames = [.. new byte[] { 0, 7, 10, 16, 30, 200 }.Select(value => TestClips.Grey(value))];

        new MotionSmoothness(new MeanOfNeighbours()).Score(frames)!.Value.ShouldBe(100 * (255 - 3) / 255.0, 1e-9);
    }

    [Fact]
    public void TemporalFlickering_OfABlink_CountsEveryPair() =>
        new TemporalFlickering().Score([TestClips.Grey(0), TestClips.Grey(10), TestClips.Grey(4)])!.Value.ShouldBe(100 * (255 - 8) / 255.0, 1e-9);

    [Theory]
    [InlineData(8, 17, 4, 100)] // round(4 · 17 / 16) = 4 of 16 pairs
    [InlineData(8, 17, 3, 0)]
    [InlineData(24, 49, 4, 100)] // every third of 49 frames: 17
    [InlineData(24, 49, 3, 0)]
    [InlineData(8, 10, 2, 100)] // 2.5 is rounded to the even 2, as Python does
    public void DynamicDegree_OfSoManyMovingPairs_SaysWhetherTheClipMoves(double rate, int frames, int moving, double expected)
    {
        FakeFlow flow = new(moving);

        new DynamicDegree(flow, rate).Score(Enumerable.Range(0, frames).Select(_ => TestClips.Grey(0, 256, 256)))!.Value.ShouldBe(expected);
    }

    [Fact]
    public void DynamicDegree_OfAPair_TakesTheLongestTwentieth()
    {
        float[] lengths = [.. Enumerable.Range(1, 100).Select(length => (float)length)];

        DynamicDegree.Strength(lengths).ShouldBe(98); // 96 to 100
    }

    [Fact]
    public void Dimensions_OfOneFrame_SayNothing()
    {
        IClipDimension[] dimensions =
            [new Consistency(new OwnValues()), new MotionSmoothness(new MeanOfNeighbours()), new TemporalFlickering(), new DynamicDegree(new FakeFlow(0), 8)];

        dimensions.Select(dimension => dimension.Score(TestClips.Grey(1))).ShouldAllBe(score => score == null);
    }

    [Fact]
    public void Difference_OfFramesOfTwoSizes_IsRefused() =>
        Should.Throw<InvalidInputException>(() => TestClips.Grey(0).DifferenceTo(TestClips.Grey(0, 2))).Message.ShouldContain("2x1");

    [Fact]
    public void BlockMatching_OfAShiftedPicture_FindsTheShift()
    {
        Random random = new(1);
        byte[] noise = new byte[64 * 64 * 3];
        random.NextBytes(noise);
        ClipFrame before = new(noise, 64, 64);
        byte[] moved = new byte[noise.Length];
        for (int i = 0; i < 64 * 64; i++)
        {
            noise.AsSpan(((i / 64 * 64) + Math.Max(0, (i % 64) - 3)) * 3, 3).CopyTo(moved.AsSpan(i * 3));
        }

        BlockMatching flow = new();

        flow.Lengths(before, new ClipFrame(moved, 64, 64)).Order().ElementAt(32).ShouldBe(3);
        flow.Lengths(before, before).ShouldAllBe(length => length == 0);
        flow.Lengths(TestClips.Grey(9, 64, 64), TestClips.Grey(9, 64, 64)).ShouldAllBe(length => length == 0, "an even surface stands still");
    }

    // As many pairs as asked for move by 7 px, the others by 5; the limit is 6 px at 256 px.
    private sealed class FakeFlow(int moving) : IOpticalFlow
    {
        private int _pairs;

        public IReadOnlyCollection<float> Lengths(ClipFrame before, ClipFrame after) => [.. Enumerable.Repeat(_pairs++ < moving ? 7f : 5f, 100)];
    }
}

using MedGen.Model.Sizing;
using MedGen.Model.Autoencoders;

namespace MedGen.Model.Tests.Sizing;

public sealed class DecodingCostTests
{
    private static readonly ClipSize Clip = new(832, 480, 81);

    [Fact]
    public void Of_WithRoomForWholeFrames_HasNoTiles()
    {
        DecodingCost whole = DecodingCost.Of(WanAutoencoderConfig.Wan21, Clip, long.MaxValue);

        whole.Tiling.ShouldBeNull();
        DecodingCost.Of(WanAutoencoderConfig.Wan21, Clip, whole.PeakBytes).ShouldBe(whole);
        DecodingCost.Of(WanAutoencoderConfig.Wan21, Clip, whole.PeakBytes - 1).Tiling.ShouldNotBeNull();
    }

    [Fact]
    public void Of_WithLessRoom_HasTheLargestTilesThatFit()
    {
        const long Limit = 2_500_000_000;
        DecodingCost tiled = DecodingCost.Of(WanAutoencoderConfig.Wan21, Clip, Limit);

        (int side, int stride) = (tiled.Tiling!.TileHeight, tiled.Tiling.StrideHeight);
        (tiled.Tiling.TileWidth, tiled.Tiling.StrideWidth).ShouldBe((side, stride));
        (side - stride).ShouldBe(8);
        tiled.PeakBytes.ShouldBeInRange(Limit / 3, Limit);

        // The unfinished clip: 81 frames in three channels and the weights, in float32.
        tiled.KeptBytes.ShouldBeGreaterThan(4L * 832 * 480 * 244);
        DecodingCost.Of(WanAutoencoderConfig.Wan21, new ClipSize(8 * side, 8 * side, 81), Limit).Tiling.ShouldBeNull();
    }

    [Fact]
    public void Of_WithNoRoomAtAll_HasTheSmallestTiles()
    {
        DecodingCost smallest = DecodingCost.Of(WanAutoencoderConfig.Wan21, Clip, -1);

        smallest.Tiling!.TileHeight.ShouldBe(16);
        smallest.PeakBytes.ShouldBeLessThan(1_000_000_000);

        // A clip that is no larger than a tile has none.
        DecodingCost.Of(WanAutoencoderConfig.Wan21, new ClipSize(128, 128, 81), -1).Tiling.ShouldBeNull();
    }
}

using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Testing.Clips;

namespace MedGen.Sdk.Testing.Tests;

public class TestClipTests
{
    [Theory]
    [InlineData(false, 4.0, 0.0, null, new long[] { 0, 2, 4, 6 })]
    [InlineData(false, 16.0, 0.75, null, new long[] { 6, 6, 7, 7 })] // a stored clip shows a frame until the next one
    [InlineData(true, 16.0, 0.75, null, new long[] { 6, 7 })] // a live one has no more than it has
    [InlineData(true, 4.0, 0.0, 3, new long[] { 0, 2, 4 })]
    [InlineData(false, null, 0.5, null, new long[] { 4, 5, 6, 7 })]
    public async Task ReadFramesAsync_Sampled_GivesTheFramesThatTheHostWould(bool isLive, double? rate, double start, int? most, long[] expected)
    {
        TestClip clip = new() { NumFrames = 8, FramesPerSecond = 8, IsLive = isLive };

        List<long> indices = [];
        FrameSampling sampling = new() { FramesPerSecond = rate, Start = TimeSpan.FromSeconds(start), MaxFrames = most };
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, TestContext.Current.CancellationToken))
        {
            using (frame)
            {
                frame.Timestamp.ShouldBe(TimeSpan.FromSeconds(frame.Index / 8.0));
                indices.Add(frame.Index);
            }
        }

        indices.ShouldBe(expected);
        clip.FramesHeld.ShouldBe(0);
    }

    [Theory]
    [InlineData(false, 8)]
    [InlineData(true, 16)]
    public async Task ReadFramesAsync_Scaled_ScalesStoredClipsOnly(bool isLive, int side)
    {
        TestClip clip = new() { Width = 16, Height = 16, NumFrames = 1, IsLive = isLive };

        await foreach (VideoFrame frame in clip.ReadFramesAsync(new FrameSampling { Width = 8, Height = 8 }, TestContext.Current.CancellationToken))
        {
            (frame.Width, frame.Height).ShouldBe((side, side));
        }

        clip.FramesHeld.ShouldBe(1);
        (clip with { Seed = 1 }).FramesHeld.ShouldBe(0);
    }

    [Fact]
    public async Task ReadFramesAsync_OfABrokenClip_BreaksThere()
    {
        TestClip clip = new() { BreaksAfter = 3 };

        await Should.ThrowAsync<MediaException>(() => ReadAsync(clip));

        clip.LastIndex.ShouldBe(2);
    }

    [Fact]
    public async Task ReadFramesAsync_OfALiveClipTwice_IsRefused()
    {
        TestClip clip = new() { IsLive = true };
        await ReadAsync(clip);

        await Should.ThrowAsync<InvalidOperationException>(() => ReadAsync(clip));
    }

    private static async Task ReadAsync(TestClip clip)
    {
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, TestContext.Current.CancellationToken))
        {
            frame.Dispose();
        }
    }
}

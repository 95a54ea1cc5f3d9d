using MedGen.Media.Reading;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.Time.Testing;

namespace MedGen.Media.Tests.Reading;

public sealed class DecodeBudgetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Take_MoreThanAll_IsRefusedWithTheNumbers()
    {
        DecodeBudget budget = new(limit: 100 << 20, Patience, _time);

        MediaException error = await Should.ThrowAsync<MediaException>(() => budget.TakeAsync("huge.mp4", 200 << 20, Workbench.Token));

        error.Message.ShouldBe("huge.mp4 would take about 200 MiB to decode; at most 100 MiB are allowed for all decoding.");
    }

    [Fact]
    public async Task Take_MoreThanIsLeft_WaitsForItsTurnInOrder()
    {
        DecodeBudget budget = new(limit: 100, Patience, _time);
        IDisposable first = await budget.TakeAsync("a", 60, Workbench.Token);
        Task<IDisposable> large = budget.TakeAsync("b", 80, Workbench.Token);
        Task<IDisposable> small = budget.TakeAsync("c", 10, Workbench.Token);

        (large.IsCompleted, small.IsCompleted).ShouldBe((false, false));
        first.Dispose();
        first.Dispose();

        await large;
        await small;
        budget.Taken.ShouldBe(90);
    }

    [Fact]
    public async Task Take_WhenOthersKeepTheirs_IsRefusedWithATimeToTryAgain()
    {
        DecodeBudget budget = new(limit: 100, Patience, _time);
        using IDisposable first = await budget.TakeAsync("a", 60, Workbench.Token);
        Task<IDisposable> second = budget.TakeAsync("b", 80, Workbench.Token);

        _time.Advance(Patience);

        ResourceExhaustedException error = await Should.ThrowAsync<ResourceExhaustedException>(() => second);
        (error.Reason, error.RetryAfter).ShouldBe(("DECODE_MEMORY", Patience));
        (await budget.TakeAsync("c", 40, Workbench.Token)).Dispose();
    }

    [Fact]
    public async Task Take_Cancelled_LeavesTheQueue()
    {
        DecodeBudget budget = new(limit: 100, Patience, _time);
        using IDisposable first = await budget.TakeAsync("a", 60, Workbench.Token);
        using CancellationTokenSource leave = new();
        Task<IDisposable> second = budget.TakeAsync("b", 80, leave.Token);
        Task<IDisposable> third = budget.TakeAsync("c", 10, Workbench.Token);

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => second);
        (await third).Dispose();
        budget.Taken.ShouldBe(60);
    }

    [Fact]
    public async Task ReadFrames_PicturesThatDoNotFit_AreRefusedBeforeADecoderStarts()
    {
        using Workbench bench = new(options => options.DecodeMemoryMiB = 256);
        string path = await bench.MakeAsync("large.mp4", "-f lavfi -i color=red:s=4096x4096:r=5 -frames:v 2 -pix_fmt yuv420p -preset ultrafast");
        IVideoClip clip = await bench.Reader.OpenAsync(path, Workbench.Token);

        MediaException error = await Should.ThrowAsync<MediaException>(
            () => clip.ReadFramesAsync(FrameSampling.All, Workbench.Token).GetAsyncEnumerator(Workbench.Token).MoveNextAsync().AsTask());

        error.Message.ShouldEndWith("at most 256 MiB are allowed for all decoding.");
    }

    [Fact]
    [Long]
    public async Task ReadFrames_OfTheLargestClip_StaysWithinThePredictionAndGivesItsMemoryBack()
    {
        const long Limit = 3L << 30;
        using Workbench bench = new(options => options.DecodeMemoryMiB = (int)(Limit >> 20));
        string path = await bench.MakeAsync("8192.mp4", "-f lavfi -i color=red:s=8192x8192:r=10 -frames:v 8 -c:v libx264 -preset ultrafast");
        IVideoClip clip = await bench.Reader.OpenAsync(path, Workbench.Token);
        long peak = 0;
        long before = Environment.WorkingSet;

        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, Workbench.Token))
        {
            using (frame)
            {
                peak = Math.Max(peak, Workbench.PeakOfChildren());
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"decoder: {peak >> 20} MiB at most");
        peak.ShouldBeInRange(500L << 20, Limit);
        (Environment.WorkingSet - before).ShouldBeLessThan(150L << 20);
    }
}

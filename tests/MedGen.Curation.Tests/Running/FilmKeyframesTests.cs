using System.Runtime.CompilerServices;
using MedGen.Curation.Networks;
using MedGen.Curation.Running;
using MedGen.Curation.Specifications;
using MedGen.Curation.Videos;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Tests.Running;

public class FilmKeyframesTests
{
    private static readonly CurationSpec Spec = new();

    [Fact]
    public async Task Reject_NoKeyframePasses_SaysHowManyWereLookedAt()
    {
        // 4 s after the one before: each; 1 s: every third (half of the shortest clip).
        (await RejectAsync([(0, 10), (4, 40), (8, 30)], 10)).ShouldBe("none of 3 keyframes shows something medical of a known modality (probability 0.40 at most)");
        (await RejectAsync([.. Enumerable.Range(0, 10).Select(second => ((double)second, 10))], 10))!.ShouldStartWith("none of 4 keyframes");
    }

    [Fact]
    public async Task Reject_OneKeyframePasses_DecodesTheFilm()
    {
        (await RejectAsync([(0, 10), (5, 90), (10, 10)], 12)).ShouldBeNull();

        // Medical by the head, of no modality: only drop_unknown drops it.
        (await RejectAsync([(0, 10), (5, 60), (10, 10)], 12)).ShouldNotBeNull();
        (await RejectAsync([(0, 10), (5, 60), (10, 10)], 12, Spec with { Medical = new MedicalSpec { DropUnknown = false } })).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 13, 20, 25)] // a gap between two
    [InlineData(0, 5, 10, 23)] // after the last
    [InlineData(13, 15, 20, 25)] // before the first
    public async Task Reject_KeyframesFarApart_DecodesTheFilm(double a, double b, double c, double seconds) =>
        (await RejectAsync([(a, 10), (b, 10), (c, 10)], seconds)).ShouldBeNull();

    [Fact]
    public async Task Reject_DamagedFilm_LeavesItToTheScan() =>
        (await new FilmKeyframes(new Reader(null), Spec, new Seer(true)).RejectAsync("film.mp4", Video(10), TestContext.Current.CancellationToken)).ShouldBeNull();

    [Fact]
    public void LeftOut_SaysWhy()
    {
        new FilmKeyframes(new Reader([]), Spec, new Seer(true)).LeftOut.ShouldBeNull();
        new FilmKeyframes(new Reader([]), Spec, new Seer(false)).LeftOut!.ShouldContain("no weights");
        CurationSpec all = Spec with { Medical = new MedicalSpec { KeyframesFirst = false } };
        new FilmKeyframes(new Reader([]), all, new Seer(true)).LeftOut!.ShouldContain("all frames");
    }

    private static Task<string?> RejectAsync((double Time, int Seen)[] keyframes, double seconds, CurationSpec? spec = null) =>
        new FilmKeyframes(new Reader(keyframes), spec ?? Spec, new Seer(true)).RejectAsync("film.mp4", Video(seconds), TestContext.Current.CancellationToken);

    private static SourceVideo Video(double seconds) => new() { FileName = "film.mp4", Seconds = seconds };

    // Gives frames whose bytes are what the network is to see; null: a film that cannot be decoded.
    private sealed class Reader((double Time, int Seen)[]? keyframes) : IVideoReader, IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = 640, Height = 480, FrameRate = 25 };

        public bool IsLive => false;

        public Task<IVideoClip> OpenAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException("all frames");

        public Task<IVideoClip> OpenKeyframesAsync(string path, CancellationToken cancellationToken) =>
            keyframes is null ? throw new MediaException(path, "broken") : Task.FromResult<IVideoClip>(this);

        public Task<IVideoClip> OpenSlicesAsync(string name, IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            (sampling.Width, sampling.Height).ShouldBe((256, 192));
            foreach ((double time, int seen) in keyframes!)
            {
                yield return VideoFrame.Wrap([(byte)seen, 0, 0], 1, 1, timestamp: TimeSpan.FromSeconds(time));
            }
        }
    }

    // Sees the first byte as percent; knows the modality from 80 on.
    private sealed class Seer(bool answers) : IFrameNetwork
    {
        public string Name => "first byte";

        public bool Answers => answers;

        public Task<FrameLook> LookAsync(VideoFrame frame, CancellationToken cancellationToken) =>
            Task.FromResult(new FrameLook([], new FrameAnswer(frame.Pixels.Span[0] / 100.0, [], 0)));

        public double Similarity(FrameLook a, FrameLook b) => 1;

        public string? Modality(IReadOnlyList<FrameAnswer> answers) => answers[0].Medical > 0.8 ? "US" : IFrameNetwork.Unknown;
    }
}

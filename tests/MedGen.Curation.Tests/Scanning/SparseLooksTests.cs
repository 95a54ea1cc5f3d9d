using MedGen.Curation.Networks;
using MedGen.Curation.Scanning;
using MedGen.Curation.Specifications;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Tests.Scanning;

public class SparseLooksTests
{
    private static readonly CurationSpec Spec = new() { Scan = new ScanSpec { LookSeconds = 5 } };

    [Fact]
    public async Task Seconds_OfOneScene_AreLookedAtEveryFifthAndAtTheEnd()
    {
        (SparseLooks looks, Seer seer) = await RunAsync([.. Enumerable.Repeat(10, 13)]);

        seer.Looks.ShouldBe([10, 10, 10, 10]); // 0, 5, 10 and the last, 12
        Enumerable.Range(0, 13).ShouldAllBe(second => looks[second].Answer!.Medical == 10 && looks[second].Similarity == 1);
    }

    [Fact]
    public async Task Seconds_AroundAnotherScene_AreAllLookedAt_SoThatItsBorderIsExact()
    {
        int[] film = [10, 10, 10, 90, 90, 90, 90, 90, 90, 90, 90];

        (SparseLooks looks, Seer seer) = await RunAsync(film);

        Enumerable.Range(0, film.Length).Select(second => (int)looks[second].Answer!.Medical).ShouldBe(film);
        Enumerable.Range(0, film.Length).Where(second => looks[second].Similarity < 0.95).ShouldBe([3]);
        seer.Looks.Count.ShouldBe(7); // 0, 5, then 1 to 4, then 10
    }

    [Fact]
    public async Task Second_AfterACut_IsLookedAt()
    {
        (_, Seer seer) = await RunAsync([10, 10, 10, 10], cutBefore: 2);

        seer.Looks.Count.ShouldBe(3); // 0, 2 and the last
    }

    [Fact]
    public async Task Seconds_OfANetworkThatAnswersNothing_AreAllLookedAt()
    {
        (_, Seer seer) = await RunAsync([.. Enumerable.Repeat(10, 6)], answers: false);

        seer.Looks.Count.ShouldBe(6);
    }

    private static async Task<(SparseLooks Looks, Seer Seer)> RunAsync(int[] film, int? cutBefore = null, bool answers = true)
    {
        Seer seer = new(answers);
        SparseLooks looks = new(seer, Spec);
        byte[] pixels = new byte[3]; // the reader's buffer, filled anew for each frame
        for (int second = 0; second < film.Length; second++)
        {
            pixels.AsSpan().Fill((byte)film[second]);
            using VideoFrame frame = VideoFrame.Wrap(pixels, 1, 1);
            looks.Changed(second == cutBefore ? Spec.Shots.Content : 0);
            await looks.BeginAsync(frame, TestContext.Current.CancellationToken);
        }

        await looks.EndAsync(TestContext.Current.CancellationToken);
        return (looks, seer);
    }

    // Sees the first byte of a frame.
    private sealed class Seer(bool answers) : IFrameNetwork
    {
        public List<int> Looks { get; } = [];

        public string Name => "first byte";

        public bool Answers => answers;

        public Task<FrameLook> LookAsync(VideoFrame frame, CancellationToken cancellationToken)
        {
            int seen = frame.Pixels.Span[0];
            Looks.Add(seen);
            return Task.FromResult(new FrameLook([seen], new FrameAnswer(seen, [], 0)));
        }

        public double Similarity(FrameLook a, FrameLook b) => a.Features[0] == b.Features[0] ? 1 : 0.5;

        public string? Modality(IReadOnlyList<FrameAnswer> answers) => null;
    }
}

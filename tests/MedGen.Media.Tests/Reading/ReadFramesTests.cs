using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Tests.Reading;

public sealed class ReadFramesTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task ReadFrames_ConstantRate_GivesEveryFrameWithItsTime()
    {
        string path = await _bench.MakeAsync("steady.mp4", "-f lavfi -i testsrc=s=64x48:r=30000/1001:d=1 -pix_fmt yuv420p");

        IReadOnlyList<FrameRecord> frames = await _bench.ReadAsync(path);

        frames.Select(f => f.Index).ShouldBe(Enumerable.Range(0, 30).Select(i => (long)i));
        frames.Select(f => f.Timestamp.Ticks).ShouldBe(Enumerable.Range(0, 30).Select(i => (long)Math.Round(i * 1001 / 30000m * 10_000_000)));
        frames.ShouldAllBe(f => f.Width == 64 && f.Height == 48);
        frames.Select(f => f.Hash).Distinct().Count().ShouldBeGreaterThan(25);
    }

    [Fact]
    public async Task ReadFrames_OfKeyframes_GivesThoseAloneWithTheirTimes()
    {
        string path = await _bench.MakeAsync("keys.mp4", "-f lavfi -i testsrc=s=64x48:r=25:d=2 -pix_fmt yuv420p -g 15 -bf 2");
        IReadOnlyList<TimeSpan> times = await _bench.Cutter.ReadKeyframesAsync(path, Workbench.Token);
        IReadOnlyList<FrameRecord> all = await _bench.ReadAsync(path);
        IVideoClip clip = await _bench.Reader.OpenKeyframesAsync(path, Workbench.Token);

        List<FrameRecord> frames = [];
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, Workbench.Token))
        {
            using (frame)
            {
                frames.Add(FrameRecord.Of(frame));
            }
        }

        times.Count.ShouldBe(4);
        frames.Select(frame => frame.Timestamp.TotalSeconds).Zip(times).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second.TotalSeconds) < 1e-4);
        frames.Select(frame => frame.Hash).ShouldBe(
            times.Select(time => all.Single(frame => Math.Abs((frame.Timestamp - time).TotalSeconds) < 1e-4).Hash));
    }

    [Theory]
    [InlineData("variable.mp4")]
    [LongInlineData("variable.mkv")]
    [LongInlineData("variable.gif")]
    public async Task ReadFrames_VariableRate_GivesTheTimesOfTheContainer(string name)
    {
        string path = await _bench.MakeAsync(name, "-f lavfi -i testsrc=s=64x48:r=25:d=3 -vf select='lt(mod(n,7),3)' -vsync vfr -pix_fmt yuv420p");
        double[] expected = await Workbench.ProbeTimesAsync(path);

        IReadOnlyList<FrameRecord> frames = await _bench.ReadAsync(path);

        frames.Count.ShouldBe(expected.Length);
        frames.Select(f => f.Timestamp.TotalSeconds).Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
        (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info.IsVariableFrameRate.ShouldBeTrue();
    }

    [Theory]
    [LongInlineData(1.0)]
    [InlineData(2.5)]
    [LongInlineData(10.0)]
    [LongInlineData(25.0)]
    [InlineData(60.0)]
    public async Task ReadFrames_AtFrameRate_TakesTheFrameOnDisplayAtEachGridPoint(double rate)
    {
        string path = await _bench.MakeAsync("variable.mp4", "-f lavfi -i testsrc=s=64x48:r=25:d=4 -vf select='lt(mod(n,9),4)' -vsync vfr -pix_fmt yuv420p");
        IReadOnlyList<FrameRecord> all = await _bench.ReadAsync(path);

        IReadOnlyList<FrameRecord> sampled = await _bench.ReadAsync(path, new FrameSampling { FramesPerSecond = rate });

        sampled.Count.ShouldBeGreaterThan((int)(all[^1].Timestamp.TotalSeconds * rate));
        for (int point = 0; point < sampled.Count; point++)
        {
            FrameRecord expected = all.Last(f => f.Timestamp.TotalSeconds <= (point / rate) + 1e-4);
            (sampled[point].Index, sampled[point].Timestamp, sampled[point].Hash).ShouldBe((expected.Index, expected.Timestamp, expected.Hash));
        }
    }

    [Theory]
    [LongInlineData("thirty.mkv")]
    [InlineData("thirty.mp4")]
    public async Task ReadFrames_AtTheSourcesOwnRate_NeitherSkipsNorRepeats(string name)
    {
        string path = await _bench.MakeAsync(name, "-f lavfi -i testsrc=s=64x48:r=30000/1001:d=4 -pix_fmt yuv420p");

        IReadOnlyList<FrameRecord> sampled = await _bench.ReadAsync(path, new FrameSampling { FramesPerSecond = 29.97002997 });

        sampled.Select(f => f.Index).ShouldBe(Enumerable.Range(0, 120).Select(i => (long)i));
    }

    [Fact]
    public async Task ReadFrames_StartAndMaxFrames_LeavesOutTheRest()
    {
        string path = await _bench.MakeAsync("steady.mp4", "-f lavfi -i testsrc=s=64x48:r=25:d=4 -g 10 -pix_fmt yuv420p");
        IReadOnlyList<FrameRecord> all = await _bench.ReadAsync(path);

        IReadOnlyList<FrameRecord> some = await _bench.ReadAsync(path, new FrameSampling { Start = TimeSpan.FromSeconds(1.5), MaxFrames = 5 });

        some.ShouldBe(all.Where(f => f.Timestamp >= TimeSpan.FromSeconds(1.5)).Take(5), new SamePicture());
    }

    [Fact]
    public async Task ReadFrames_StartAndRate_CountsTheGridFromTheStart()
    {
        string path = await _bench.MakeAsync("steady.mp4", "-f lavfi -i testsrc=s=64x48:r=25:d=4 -g 10 -pix_fmt yuv420p");

        IReadOnlyList<FrameRecord> some = await _bench.ReadAsync(
            path, new FrameSampling { Start = TimeSpan.FromSeconds(1.5), FramesPerSecond = 1, MaxFrames = 10 });

        some.Select(f => f.Index).ShouldBe([37L, 62, 87]);
    }

    [Fact]
    public async Task ReadFrames_OtherSize_IsScaled()
    {
        string path = await _bench.MakeAsync("red.mp4", "-f lavfi -i color=red:s=64x48:r=5:d=1 -pix_fmt yuv420p");

        IReadOnlyList<FrameRecord> frames = await _bench.ReadAsync(path, new FrameSampling { Width = 31, Height = 17 });

        frames.ShouldAllBe(f => f.Width == 31 && f.Height == 17 && f.At(15, 8).Red > 240 && f.At(15, 8).Green < 15);
    }

    [Fact]
    public async Task ReadFrames_Twice_GivesTheSame()
    {
        string path = await _bench.MakeAsync("steady.mp4", "-f lavfi -i testsrc=s=64x48:r=25:d=1 -pix_fmt yuv420p");

        (await _bench.ReadAsync(path)).ShouldBe(await _bench.ReadAsync(path), new SamePicture());
    }

    [Theory]
    [LongInlineData(0.0)]
    [LongInlineData(-1.0)]
    [InlineData(240.1)]
    [InlineData(double.NaN)]
    [LongInlineData(double.PositiveInfinity)]
    public async Task ReadFrames_RateOutOfRange_NamesTheField(double rate)
    {
        string path = await _bench.MakeAsync("one.png", "-f lavfi -i testsrc=s=16x16 -frames:v 1");
        IVideoClip clip = await _bench.Reader.OpenAsync(path, Workbench.Token);

        InvalidInputException error = Should.Throw<InvalidInputException>(
            () => clip.ReadFramesAsync(new FrameSampling { FramesPerSecond = rate }, Workbench.Token));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("frames_per_second");
    }

    private sealed class SamePicture : IEqualityComparer<FrameRecord>
    {
        public bool Equals(FrameRecord? x, FrameRecord? y) => (x?.Index, x?.Timestamp, x?.Hash) == (y?.Index, y?.Timestamp, y?.Hash);

        public int GetHashCode(FrameRecord obj) => obj.Hash.GetHashCode(StringComparison.Ordinal);
    }
}

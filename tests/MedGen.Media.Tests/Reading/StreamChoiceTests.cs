using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Tests.Reading;

/// <summary>Which picture of a file is read: the right track, over its whole length, without combs.</summary>
public sealed class StreamChoiceTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [LongInlineData("two.mkv")]
    [InlineData("two.mp4")]
    public async Task Open_OfTwoTracks_TakesTheDefaultOne(string name)
    {
        VideoInfo info = (await _bench.Reader.OpenAsync(Fixtures.Path("cases", "film-two-tracks", name), Workbench.Token)).Info;

        (info.Width, info.Height).ShouldBe((228, 128));
        FrameRecord first = (await _bench.ReadAsync(Fixtures.Path("cases", "film-two-tracks", name), new FrameSampling { MaxFrames = 1 })).ShouldHaveSingleItem();
        FrameRecord expected = (await _bench.ReadAsync(Fixtures.Path("cases", "film-two-tracks", "expected.mp4"), new FrameSampling { MaxFrames = 1 })).ShouldHaveSingleItem();
        first.Hash.ShouldBe(expected.Hash);
    }

    [Fact]
    public async Task Open_OfTwoTracksOfWhichNoneIsDefault_TakesTheLarger()
    {
        string path = await _bench.MakeAsync(
            "two.mkv", "-f lavfi -i color=black:s=32x24:r=5:d=1 -f lavfi -i testsrc=s=64x48:r=5:d=1 -map 0 -map 1 -disposition:0 0 -disposition:1 0 -pix_fmt yuv420p");

        (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info.Width.ShouldBe(64);
    }

    [Fact]
    public async Task Open_OfAFilmWithoutADuration_MeasuresIt()
    {
        string path = Fixtures.Path("cases", "film-without-duration", "no_duration.mkv");

        (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info.Duration.ShouldBe(TimeSpan.FromSeconds(160));
    }

    [Fact]
    public async Task Open_OfARawStream_CountsItsFrames()
    {
        string path = await _bench.MakeAsync("raw.h264", "-f lavfi -i testsrc=s=64x48:r=25:d=4 -pix_fmt yuv420p");

        (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info.Duration!.Value.TotalSeconds.ShouldBe(4, 0.1);
    }

    [Fact]
    public async Task ReadFrames_OfAFilmWithoutADurationThatIsCutShort_StillSaysSo()
    {
        string whole = Fixtures.Path("cases", "film-without-duration", "no_duration.mkv");
        byte[] bytes = await File.ReadAllBytesAsync(whole, Workbench.Token);
        string path = _bench.PathOf("cut.mkv");
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length * 2 / 3)], Workbench.Token);

        (await Should.ThrowAsync<MediaException>(() => _bench.ReadAsync(path))).Message.ShouldContain("it breaks off after");
    }

    [Theory]
    [InlineData("tff", "interlaced.mpg")]
    [LongInlineData("bff", "interlaced.ts")]
    public async Task ReadFrames_OfAnInterlacedFilm_GivesPicturesWithoutCombs(string order, string name)
    {
        // A white bar moves by four px between the two moments of a frame: woven, each of its edges is a comb, an eighth of all pixels.
        string path = await _bench.MakeAsync(
            name,
            $"-f lavfi -i color=black:s=64x48:r=50:d=1 -vf geq=lum='if(lt(mod(X-4*N+640,64),16),235,16)':cb=128:cr=128,tinterlace=mode={(order == "tff" ? 4 : 5)},setfield={order} -c:v mpeg2video -q:v 2 -flags +ilme+ildct");

        IReadOnlyList<FrameRecord> frames = await _bench.ReadAsync(path);

        frames.Count.ShouldBe(25);
        frames.Select(frame => frame.Index).ShouldBe(Enumerable.Range(0, 25).Select(i => (long)i));
        frames[12].Timestamp.TotalSeconds.ShouldBe(12 / 25.0, 0.021);
        frames.ShouldAllBe(frame => CombedShare(frame) < 0.03);
    }

    [Fact]
    public async Task ReadFrames_OfAnInterlacedFilmAtARate_KeepsTheIndexOfEachFrame()
    {
        string path = await _bench.MakeAsync("interlaced.ts", "-f lavfi -i testsrc=s=64x48:r=50:d=4 -vf tinterlace=mode=4,setfield=tff -c:v mpeg2video -flags +ilme+ildct");

        IReadOnlyList<FrameRecord> frames = await _bench.ReadAsync(path, new FrameSampling { FramesPerSecond = 1 });

        frames.Select(frame => frame.Index).ShouldBe([0L, 25, 50, 75]);
    }

    private static double CombedShare(FrameRecord frame) =>
        (from x in Enumerable.Range(0, 64) from y in Enumerable.Range(8, 32) select Math.Abs(frame.At(x, y).Red - frame.At(x, y + 1).Red) > 60 ? 1.0 : 0).Average();
}

using MedGen.Sdk.Frames;

namespace MedGen.Media.Tests.Reading;

public sealed class FormatTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("a.mp4", "-pix_fmt yuv420p", 64, 48, 8, "yuv420p")]
    [InlineData("a.mp4", "-pix_fmt yuv420p10le", 64, 48, 10, "yuv420p10le")]
    [InlineData("a.mkv", "-c:v ffv1 -pix_fmt gray", 64, 48, 8, "gray")]
    [InlineData("a.mkv", "-c:v ffv1 -pix_fmt gray12le", 64, 48, 12, "gray12le")]
    [InlineData("a.mkv", "-c:v ffv1 -pix_fmt yuv422p10le", 64, 48, 10, "yuv422p10le")]
    [InlineData("a.mp4", "-vf scale=63:47 -pix_fmt yuv444p", 63, 47, 8, "yuv444p")]
    [InlineData("a.mkv", "-c:v ffv1 -pix_fmt gray10le", 64, 48, 10, "gray10le")]
    [InlineData("a.mkv", "-vf scale=63:47 -c:v ffv1 -pix_fmt yuv420p", 63, 47, 8, "yuv420p")]
    [InlineData("a.mkv", "-vf scale=1:1 -c:v ffv1 -pix_fmt yuv420p10le", 1, 1, 10, "yuv420p10le")]
    [InlineData("a.webm", "-c:v libvpx -pix_fmt yuv420p", 64, 48, 8, "yuv420p")]
    [InlineData("a.avi", "-c:v mjpeg -pix_fmt yuvj420p", 64, 48, 8, "yuvj420p")]
    [InlineData("a.ts", "-c:v mpeg2video -pix_fmt yuv420p", 64, 48, 8, "yuv420p")]
    [InlineData("a.gif", "", 64, 48, 8, "bgra")]
    [InlineData("a.apng", "-f apng", 64, 48, 8, "rgb24")]
    public async Task ReadFrames_Film_GivesAllFramesOfTheStatedKind(string name, string options, int width, int height, int bits, string format)
    {
        string path = await _bench.MakeAsync(name, $"-f lavfi -i testsrc2=s=64x48:r=10:d=1 {options}");

        IReadOnlyList<FrameRecord> frames = await _bench.ReadAsync(path);

        VideoInfo info = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info;
        (info.Width, info.Height, info.BitDepth, info.PixelFormat, info.HasAudio, info.RotationDegrees).ShouldBe((width, height, bits, format, false, 0));
        info.FrameRate.ShouldNotBeNull().ShouldBe(10, 0.01);
        frames.Count.ShouldBe(10);
        frames.ShouldAllBe(f => f.Width == width && f.Height == height);
        frames.Zip(frames.Skip(1)).ShouldAllBe(pair => Math.Abs((pair.Second.Timestamp - pair.First.Timestamp).TotalMilliseconds - 100) < 1.1);
    }

    [Theory]
    [InlineData("a.png", "-pix_fmt rgb24", 2)]
    [InlineData("a.png", "-pix_fmt gray16be", 2)]
    [InlineData("a.jpg", "", 8)]
    [InlineData("a.webp", "-c:v libwebp -lossless 1", 2)]
    [InlineData("a.bmp", "", 2)]
    public async Task ReadFrames_Still_IsOneFrameWithoutARate(string name, string options, int tolerance)
    {
        string path = await _bench.MakeAsync(name, $"-f lavfi -i color=0x808080:s=64x48 -vf scale=33:21 -frames:v 1 {options}");

        FrameRecord frame = (await _bench.ReadAsync(path, new FrameSampling { FramesPerSecond = 5, Start = TimeSpan.FromSeconds(1) })).ShouldHaveSingleItem();

        VideoInfo info = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info;
        (info.Width, info.Height, info.FrameRate, info.FrameCount, info.Duration).ShouldBe((33, 21, null, 1L, null));
        (frame.Index, frame.Timestamp).ShouldBe((0L, TimeSpan.Zero));
        Math.Abs(frame.At(16, 10).Red - 0x80).ShouldBeLessThanOrEqualTo(tolerance);
    }

    [Theory]
    [InlineData("90")]
    [InlineData("180")]
    [InlineData("270")]
    public async Task ReadFrames_RotatedByTheContainer_IsUpright(string tag)
    {
        string plain = await _bench.MakeAsync("plain.mp4", "-f lavfi -i color=red:s=64x48:r=5:d=1 -vf drawbox=0:0:20:20:blue:fill -pix_fmt yuv420p");
        string path = await _bench.MakeAsync("turned.mp4", $"-i {plain} -c copy -metadata:s:v:0 rotate={tag}");

        IReadOnlyList<FrameRecord> frames = await _bench.ReadAsync(path);

        VideoInfo info = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info;
        bool lying = tag != "180";
        (info.Width, info.Height).ShouldBe(lying ? (48, 64) : (64, 48));
        (frames[0].Width, frames[0].Height).ShouldBe((info.Width, info.Height));
        info.RotationDegrees.ShouldBeGreaterThan(0);
        // The blue corner was at the top left; turned clockwise it is at the top right, bottom right or bottom left.
        (int x, int y) = info.RotationDegrees switch { 90 => (info.Width - 5, 5), 180 => (info.Width - 5, info.Height - 5), _ => (5, info.Height - 5) };
        frames[0].At(x, y).Blue.ShouldBeGreaterThan((byte)200);
    }

    [Fact]
    public async Task Open_FilmWithSound_SaysSo()
    {
        string path = await _bench.MakeAsync("talk.mp4", "-f lavfi -i testsrc=s=64x48:r=10:d=1 -f lavfi -i sine=d=1 -pix_fmt yuv420p -c:a aac");

        (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info.HasAudio.ShouldBeTrue();
        (await _bench.ReadAsync(path)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task ReadFrames_RealClips_GiveWhatTheContainerStates()
    {
        string[] clips =
        [
            .. new[] { Fixtures.Path("clips"), RepositoryRoot.Path("samples", "clips") }
                .SelectMany(folder => Directory.GetFiles(folder, "*.mp4", SearchOption.AllDirectories)),
        ];
        clips.Length.ShouldBeGreaterThan(8);
        foreach (string path in clips)
        {
            VideoInfo info = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info;
            IReadOnlyList<FrameRecord> frames = await _bench.ReadAsync(path, new FrameSampling { Width = 32, Height = 32 });
            double[] times = await Workbench.ProbeTimesAsync(path);

            ((long?)frames.Count).ShouldBe(info.FrameCount, path);
            frames.Select(f => f.Timestamp.TotalSeconds).Zip(times).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
        }
    }
}

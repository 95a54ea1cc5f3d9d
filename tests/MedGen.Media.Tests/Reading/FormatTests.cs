using MedGen.Sdk.Frames;

namespace MedGen.Media.Tests.Reading;

public sealed class FormatTests : IDisposable
{
    private const string Cmyk =
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI/8AA" +
        "FAgAEAAQBAERAAIRAAMRAAQRAP/EABwAAAAACQAAAAAAAAAAAAAAAAABAgMEBQYHCP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAOBAEAAgADAAQAAD8Af+Eh" +
        "/PMAAAAAAAAAAf/Z";

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("a.mp4", "-pix_fmt yuv420p", 64, 48, 8, "yuv420p")]
    [LongInlineData("a.mp4", "-pix_fmt yuv420p10le", 64, 48, 10, "yuv420p10le")]
    [LongInlineData("a.mkv", "-c:v ffv1 -pix_fmt gray", 64, 48, 8, "gray")]
    [InlineData("a.mkv", "-c:v ffv1 -pix_fmt gray12le", 64, 48, 12, "gray12le")]
    [LongInlineData("a.mkv", "-c:v ffv1 -pix_fmt yuv422p10le", 64, 48, 10, "yuv422p10le")]
    [InlineData("a.mp4", "-vf scale=63:47 -pix_fmt yuv444p", 63, 47, 8, "yuv444p")]
    [LongInlineData("a.mkv", "-c:v ffv1 -pix_fmt gray10le", 64, 48, 10, "gray10le")]
    [LongInlineData("a.mkv", "-vf scale=63:47 -c:v ffv1 -pix_fmt yuv420p", 63, 47, 8, "yuv420p")]
    [LongInlineData("a.mkv", "-vf scale=1:1 -c:v ffv1 -pix_fmt yuv420p10le", 1, 1, 10, "yuv420p10le")]
    [LongInlineData("a.webm", "-c:v libvpx -pix_fmt yuv420p", 64, 48, 8, "yuv420p")]
    [LongInlineData("a.avi", "-c:v mjpeg -pix_fmt yuvj420p", 64, 48, 8, "yuvj420p")]
    [LongInlineData("a.ts", "-c:v mpeg2video -pix_fmt yuv420p", 64, 48, 8, "yuv420p")]
    [InlineData("a.gif", "", 64, 48, 8, "bgra")]
    [LongInlineData("a.apng", "-f apng", 64, 48, 8, "rgb24")]
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
    [LongInlineData("a.png", "-pix_fmt gray16be", 2)]
    [InlineData("a.jpg", "", 8)]
    [LongInlineData("a.webp", "-c:v libwebp -lossless 1", 2)]
    [LongInlineData("a.bmp", "", 2)]
    public async Task ReadFrames_Still_IsOneFrameWithoutARate(string name, string options, int tolerance)
    {
        string path = await _bench.MakeAsync(name, $"-f lavfi -i color=0x808080:s=64x48 -vf scale=33:21 -frames:v 1 {options}");

        FrameRecord frame = (await _bench.ReadAsync(path, new FrameSampling { FramesPerSecond = 5, Start = TimeSpan.FromSeconds(1) })).ShouldHaveSingleItem();

        VideoInfo info = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info;
        (info.Width, info.Height, info.FrameRate, info.FrameCount, info.Duration).ShouldBe((33, 21, null, 1L, null));
        (frame.Index, frame.Timestamp).ShouldBe((0L, TimeSpan.Zero));
        Math.Abs(frame.At(16, 10).Red - 0x80).ShouldBeLessThanOrEqualTo(tolerance);
    }

    // Half transparent (200, 100, 50) over black; 16 bits are cut to 8. The first pixel of the file with a palette is transparent red.
    [Theory, Long]
    [InlineData("a.png", "color=0xC86432@0.5,format=rgba", "", "rgba", 100, 50, 25)]
    [InlineData("a.png", "color=0xC86432,format=gbrap16le,lut=a=32768", "-pix_fmt rgba64be", "rgba64be", 100, 50, 25)]
    [InlineData("a.png", "color=0x808080@0.5,format=ya8", "", "ya8", 64, 64, 64)]
    [InlineData("a.webp", "color=0xC86432@0.5,format=bgra", "-c:v libwebp -lossless 1", "argb", 100, 50, 25)]
    [InlineData("a.tiff", "color=0xC86432@0.5,format=rgba", "", "rgba", 100, 50, 25)]
    [InlineData("a.mov", "color=0xC86432@0.5,format=yuva444p10le", "-c:v prores_ks", "yuva444p12le", 100, 50, 25)]
    [InlineData("a.png", "color=0xFF0000@0:d=0.1,format=rgba,split[a][b];[a]palettegen[p];[b][p]paletteuse", "-pix_fmt pal8", "pal8", 0, 0, 0)]
    [InlineData("a.png", "color=0xC86432,format=rgba", "", "rgba", 200, 100, 50)]
    [InlineData("a.png", "color=0xC86432,format=rgb48be", "", "rgb48be", 200, 100, 50)]
    public async Task ReadFrames_Transparent_IsLaidOverBlack(
        string name, string picture, string options, string format, int red, int green, int blue)
    {
        string source = picture.Insert(picture.IndexOf(',', StringComparison.Ordinal), ":s=48x32");
        string path = await _bench.MakeAsync(name, $"-f lavfi -i {source} -frames:v 1 {options}");

        FrameRecord frame = (await _bench.ReadAsync(path)).ShouldHaveSingleItem();

        (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info.PixelFormat.ShouldBe(format);
        (byte r, byte g, byte b) = frame.At(20, 10);
        Math.Abs(r - red).ShouldBeLessThanOrEqualTo(2, $"{r} {g} {b}");
        Math.Abs(g - green).ShouldBeLessThanOrEqualTo(2, $"{r} {g} {b}");
        Math.Abs(b - blue).ShouldBeLessThanOrEqualTo(2, $"{r} {g} {b}");
    }

    // 16 × 16 px of cyan 0, magenta 128, yellow 255, black 51 as Photoshop writes it: four components, inverted.
    [Fact]
    public async Task ReadFrames_CmykJpeg_IsConverted()
    {
        string path = _bench.PathOf("a.jpg");
        await File.WriteAllBytesAsync(path, Convert.FromBase64String(Cmyk), Workbench.Token);

        (await _bench.ReadAsync(path)).ShouldHaveSingleItem().At(5, 5).ShouldBe(((byte)203, (byte)101, (byte)0));
    }

    [Theory]
    [InlineData("90")]
    [LongInlineData("180")]
    [LongInlineData("270")]
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

    [Fact, Long]
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

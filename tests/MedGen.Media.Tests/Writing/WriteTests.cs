using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Media.Images;

namespace MedGen.Media.Tests.Writing;

public sealed class WriteTests : IDisposable
{
    private const string Provenance = "job-42:abc";

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(64, 48, "yuv420p")]
    [InlineData(63, 47, "yuv444p")]
    public async Task Write_H264_KeepsSizeLengthColourAndNote(int width, int height, string pixelFormat)
    {
        string path = _bench.PathOf("out.mp4");

        long count = await _bench.Writer.WriteAsync(path, Frames(width, height, 37), Encoding(VideoFormat.H264, 16), Workbench.Token);

        count.ShouldBe(37);
        VideoInfo info = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info;
        (info.Width, info.Height, info.PixelFormat, info.FrameCount, info.Codec).ShouldBe((width, height, pixelFormat, 37L, "h264"));
        info.Duration.ShouldBe(TimeSpan.FromSeconds(37 / 16.0));
        string tags = await Workbench.RunAsync("ffprobe", ["-v", "error", "-show_entries", "format_tags", path]);
        tags.ShouldContain("TAG:comment=synthetic");
        tags.ShouldContain("provenance=" + Provenance);
        IReadOnlyList<FrameRecord> back = await _bench.ReadAsync(path);
        back.Count.ShouldBe(37);
        (byte red, byte green, byte blue) = back[10].At(5, 5);
        Math.Abs(red - Red(10)).ShouldBeLessThan(8);
        Math.Abs(green - 40).ShouldBeLessThan(8);
        Math.Abs(blue - 200).ShouldBeLessThan(8);
        byte[] file = await File.ReadAllBytesAsync(path, Workbench.Token);
        file.AsSpan().IndexOf("moov"u8).ShouldBeLessThan(file.AsSpan().IndexOf("mdat"u8));
    }

    [Theory]
    [LongInlineData(24000 / 1001.0)]
    [InlineData(29.97)]
    [InlineData(0.5)]
    [LongInlineData(240.0)]
    public async Task Write_H264AtAnyRate_FrameNAppearsAtNDividedByTheRate(double rate)
    {
        string path = _bench.PathOf("out.mp4");

        await _bench.Writer.WriteAsync(path, Frames(32, 16, 31), Encoding(VideoFormat.H264, rate), Workbench.Token);

        TimeSpan duration = (await _bench.Reader.OpenAsync(path, Workbench.Token)).Info.Duration.ShouldNotBeNull();
        duration.TotalSeconds.ShouldBe(31 / rate, 1e-4);
        IReadOnlyList<FrameRecord> back = await _bench.ReadAsync(path);
        back.Count.ShouldBe(31);
        back.ShouldAllBe(f => Math.Abs(f.Timestamp.TotalSeconds - (f.Index / rate)) < 1e-4);
    }

    [Theory]
    [InlineData("4f2a", "synthetic: made by a generative model, not a recording of a patient; provenance=4f2a")]
    [InlineData("phantom:ct:7", "synthetic: made by a simulator, not a recording of a patient; provenance=phantom:ct:7")]
    public void SyntheticNote_ForAnId_SaysWhatMadeTheFrames(string provenance, string note) => SyntheticNote.For(provenance).ShouldBe(note);

    [Fact]
    public async Task Write_Lossless_CarriesTheNote()
    {
        string path = _bench.PathOf("out.mp4");

        await _bench.Writer.WriteAsync(path, Frames(16, 16, 1), Encoding(VideoFormat.LosslessH264, 10), Workbench.Token);

        (await Workbench.RunAsync("ffprobe", ["-v", "error", "-show_entries", "format_tags", path]))
            .ShouldContain($"TAG:comment={SyntheticNote.For(Provenance)}");
    }

    [Fact]
    public async Task Write_Lossless_GivesTheSamePixelsBack()
    {
        string path = _bench.PathOf("out.mp4");
        List<byte[]> pixels = [.. Enumerable.Range(0, 5).Select(i => Noise(33, 21, i))];

        await _bench.Writer.WriteAsync(path, Wrap(pixels, 33, 21), Encoding(VideoFormat.LosslessH264, 10), Workbench.Token);

        (await _bench.ReadAsync(path)).Select(f => f.Pixels).ShouldBe(pixels);
    }

    [Fact]
    public async Task Write_PngSequence_GivesTheSamePixelsBackWithTheNote()
    {
        string folder = _bench.PathOf("pictures");
        List<byte[]> pixels = [.. Enumerable.Range(0, 3).Select(i => Noise(17, 9, i))];

        await _bench.Writer.WriteAsync(folder, Wrap(pixels, 17, 9), Encoding(VideoFormat.PngSequence, 10), Workbench.Token);

        Directory.GetFiles(folder).Select(Path.GetFileName).Order().ShouldBe(["000000.png", "000001.png", "000002.png"]);
        string last = Path.Combine(folder, "000002.png");
        (await _bench.ReadAsync(last)).ShouldHaveSingleItem().Pixels.ShouldBe(pixels[2]);
        (await Workbench.RunAsync("ffprobe", ["-v", "error", "-show_frames", last])).ShouldContain("provenance=" + Provenance);
    }

    [Fact]
    public async Task Write_Gif_CarriesFramesAndNote()
    {
        string path = _bench.PathOf("out.gif");

        await _bench.Writer.WriteAsync(path, Frames(40, 30, 7), Encoding(VideoFormat.Gif, 10), Workbench.Token);

        (await _bench.ReadAsync(path)).Select(f => f.Timestamp.TotalMilliseconds).ShouldBe([0, 100, 200, 300, 400, 500, 600]);
        System.Text.Encoding.ASCII.GetString(await File.ReadAllBytesAsync(path, Workbench.Token)).ShouldContain("provenance=" + Provenance);
    }

    [Theory]
    [InlineData(VideoFormat.H264)]
    [LongInlineData(VideoFormat.PngSequence)]
    public async Task Write_SourceFailsHalfWay_LeavesNothing(VideoFormat format)
    {
        await Should.ThrowAsync<InvalidOperationException>(
            () => _bench.Writer.WriteAsync(_bench.PathOf("out"), Failing(), Encoding(format, 10), Workbench.Token));

        Directory.GetFileSystemEntries(_bench.Folder).ShouldBeEmpty();
        Workbench.ChildProcesses().ShouldBe(0);

        static async IAsyncEnumerable<VideoFrame> Failing()
        {
            await foreach (VideoFrame frame in Frames(64, 48, 20))
            {
                yield return frame;
            }

            throw new InvalidOperationException("the model broke");
        }
    }

    [Fact]
    public async Task Write_Cancelled_LeavesTheOldFileAndNothingElse()
    {
        string path = _bench.PathOf("out.mp4");
        await File.WriteAllTextAsync(path, "old", Workbench.Token);
        using CancellationTokenSource cancel = new();

        await Should.ThrowAsync<OperationCanceledException>(
            () => _bench.Writer.WriteAsync(path, CancelAfter(10, cancel), Encoding(VideoFormat.H264, 10), cancel.Token));

        Directory.GetFileSystemEntries(_bench.Folder).ShouldBe([path]);
        (await File.ReadAllTextAsync(path, Workbench.Token)).ShouldBe("old");
        Workbench.ChildProcesses().ShouldBe(0);

        static async IAsyncEnumerable<VideoFrame> CancelAfter(int frames, CancellationTokenSource source)
        {
            await foreach (VideoFrame frame in Frames(64, 48, 1000))
            {
                if (frames-- == 0)
                {
                    await source.CancelAsync();
                }

                yield return frame;
            }
        }
    }

    [Theory]
    [InlineData(VideoFormat.H264)]
    [LongInlineData(VideoFormat.PngSequence)]
    public async Task Write_DiskFull_SaysSoAndLeavesNothing(VideoFormat format)
    {
        await using SmallDisk? disk = await SmallDisk.TryMountAsync(_bench.PathOf("disk"));
        if (disk is null)
        {
            Assert.Skip("Mounting a small tmpfs is not permitted here.");
        }

        List<byte[]> pixels = [.. Enumerable.Range(0, 12).Select(i => Noise(640, 480, i))];

        ResourceExhaustedException error = await Should.ThrowAsync<ResourceExhaustedException>(() => _bench.Writer.WriteAsync(
            Path.Combine(disk.Folder, "out.x"), Wrap(pixels, 640, 480), Encoding(format, 10) with { ConstantRateFactor = 1 }, Workbench.Token));

        error.Reason.ShouldBe("DISK_FULL");
        error.Message.ShouldContain("out.x");
        Directory.GetFileSystemEntries(disk.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_NoFrames_IsRefused()
    {
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(
            () => _bench.Writer.WriteAsync(_bench.PathOf("out.mp4"), Frames(64, 48, 0), Encoding(VideoFormat.H264, 10), Workbench.Token));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("frames");
    }

    [Theory]
    [InlineData(0.0, 18, "id", "frames_per_second")]
    [InlineData(10.0, 0, "id", "constant_rate_factor")]
    [InlineData(10.0, 18, "two\nlines", "provenance_id")]
    public async Task Write_OptionOutOfRange_NamesTheField(double rate, int quality, string provenance, string field)
    {
        VideoEncoding encoding = new() { FramesPerSecond = rate, ConstantRateFactor = quality, ProvenanceId = provenance };

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(
            () => _bench.Writer.WriteAsync(_bench.PathOf("out.mp4"), Frames(64, 48, 1), encoding, Workbench.Token));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
    }

    [Fact]
    public async Task EncodePng_Noise_IsReadBackExactly()
    {
        byte[] pixels = Noise(31, 22, 1);
        string path = _bench.PathOf("frame.png");

        await File.WriteAllBytesAsync(path, await FrameImage.EncodePngAsync(VideoFrame.Wrap(pixels, 31, 22), null, Workbench.Token), Workbench.Token);

        (await _bench.ReadAsync(path)).ShouldHaveSingleItem().Pixels.ShouldBe(pixels);
    }

    private static VideoEncoding Encoding(VideoFormat format, double rate) =>
        new() { Format = format, FramesPerSecond = rate, ProvenanceId = Provenance };

    private static byte Red(int frame) => (byte)(60 + (frame * 4 % 120));

    private static async IAsyncEnumerable<VideoFrame> Frames(int width, int height, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            VideoFrame frame = VideoFrame.Rent(width, height);
            for (int p = 0; p < width * height; p++)
            {
                frame.WritablePixels.Span[p * 3] = Red(i);
                frame.WritablePixels.Span[(p * 3) + 1] = 40;
                frame.WritablePixels.Span[(p * 3) + 2] = 200;
            }

            yield return frame;
        }
    }

    private static byte[] Noise(int width, int height, int seed)
    {
        byte[] pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    private static async IAsyncEnumerable<VideoFrame> Wrap(List<byte[]> pixels, int width, int height)
    {
        foreach (byte[] picture in pixels)
        {
            await Task.Yield();
            yield return VideoFrame.Wrap(picture, width, height);
        }
    }
}

using MedGen.Media.Cutting;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Tests.Cutting;

public sealed class FFmpegVideoCutterTests : IDisposable
{
    // A keyframe a second, frames stored in another order than shown, sound, a title, and times that do not begin at zero.
    private const string Film = "-f lavfi -i testsrc2=s=128x96:r=25:d=6 -f lavfi -i sine=d=6 -metadata title=Name -c:v libx264 -bf 3 -g 25 -sc_threshold 0 "
        + "-pix_fmt yuv420p -output_ts_offset 3";

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task ReadKeyframesAsync_OneASecond_AreThereFromZero()
    {
        IReadOnlyList<TimeSpan> keys = await _bench.Cutter.ReadKeyframesAsync(await _bench.MakeAsync("film.ts", Film), Workbench.Token);

        keys.Select(key => Math.Round(key.TotalSeconds, 1)).ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Theory]
    [InlineData("film.mp4")]
    [InlineData("film.ts")]
    public async Task CutAsync_FromKeyframe_HoldsTheSamePictures(string name)
    {
        string film = await _bench.MakeAsync(name, Film);
        string piece = _bench.PathOf("piece.mp4");

        TimeSpan third = (await _bench.Cutter.ReadKeyframesAsync(film, Workbench.Token))[2];
        await _bench.Cutter.CutAsync(film, piece, new VideoCut { Start = third, End = third + TimeSpan.FromSeconds(2) }, Workbench.Token);

        string[] source = [.. (await _bench.ReadAsync(film)).Select(frame => frame.Hash)];
        string[] cut = [.. (await _bench.ReadAsync(piece)).Select(frame => frame.Hash)];
        cut.Length.ShouldBeInRange(48, 53);

        // The last may be of the next group of frames that are stored out of their order; it is whole, too.
        cut[..48].ShouldBe(source[50..98]);
        cut[48..].ShouldBeSubsetOf(source[98..105]);
        VideoInfo info = (await _bench.Reader.OpenAsync(piece, Workbench.Token)).Info;
        info.HasAudio.ShouldBeFalse();
        (await Workbench.RunAsync("ffprobe", ["-v", "error", "-show_entries", "format_tags=title", "-of", "csv=p=0", piece])).Trim().ShouldBeEmpty();
    }

    [Fact]
    public async Task CutAsync_Encoded_BeginsWithTheFrameThatWasAskedFor()
    {
        string film = await _bench.MakeAsync("film.mp4", Film);
        string piece = _bench.PathOf("piece.mp4");

        await _bench.Cutter.CutAsync(
            film, piece,
            new VideoCut { Start = TimeSpan.FromSeconds(1.52), End = TimeSpan.FromSeconds(2.52), Encode = true, Crop = new PictureCrop(32, 16, 64, 64) },
            Workbench.Token);

        IReadOnlyList<FrameRecord> cut = await _bench.ReadAsync(piece);
        cut.Count.ShouldBe(25);
        using VideoFrame first = await FrameAsync(piece, 0);
        using VideoFrame same = await FrameAsync(film, 38);
        (first.Width, first.Height).ShouldBe((64, 64));
        double difference = 0;
        for (int y = 0; y < 64; y++)
        {
            for (int x = 0; x < 64 * 3; x++)
            {
                difference += Math.Abs(first.Pixels.Span[(y * 64 * 3) + x] - same.Pixels.Span[((y + 16) * 128 * 3) + (32 * 3) + x]);
            }
        }

        (difference / (64 * 64 * 3)).ShouldBeLessThan(4);
    }

    [Fact]
    public async Task CutAsync_WhatCannotBe_IsRefusedByName()
    {
        string film = await _bench.MakeAsync("film.mp4", Film);
        string picture = await _bench.MakeAsync("old.avi", "-f lavfi -i testsrc2=s=64x64:r=25:d=1 -c:v mjpeg");
        string piece = _bench.PathOf("piece.mp4");
        Task Cut(string path, VideoCut cut) => _bench.Cutter.CutAsync(path, piece, cut, Workbench.Token);

        (await Should.ThrowAsync<InvalidInputException>(() => Cut(film, new VideoCut { Start = TimeSpan.FromSeconds(2), End = TimeSpan.FromSeconds(2) })))
            .Message.ShouldContain("a piece that is not empty");
        (await Should.ThrowAsync<InvalidInputException>(() => Cut(film, new VideoCut
        {
            Start = TimeSpan.Zero, End = TimeSpan.FromSeconds(1), Encode = true, Crop = new PictureCrop(100, 0, 64, 64),
        }))).Message.ShouldContain("128x96");
        (await Should.ThrowAsync<MediaException>(() => Cut(picture, new VideoCut { Start = TimeSpan.Zero, End = TimeSpan.FromSeconds(1) })))
            .Message.ShouldContain("mjpeg");
        Directory.EnumerateFiles(_bench.Folder, "*piece*").ShouldBeEmpty();
    }

    private async Task<VideoFrame> FrameAsync(string path, int index)
    {
        IVideoClip clip = await _bench.Reader.OpenAsync(path, Workbench.Token);
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, Workbench.Token))
        {
            if (frame.Index == index)
            {
                return frame;
            }

            frame.Dispose();
        }

        throw new InvalidOperationException($"{path} has no frame {index}.");
    }
}

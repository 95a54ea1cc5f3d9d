using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Tests.Reading;

public sealed class BadFileTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Open_TextNamedMp4_NamesTheFileAndWhatWasSeen()
    {
        string path = _bench.PathOf("letter.mp4");
        await File.WriteAllTextAsync(path, "Dear colleague, this is not a film.\n", Workbench.Token);

        string message = await FailureOfOpenAsync(path);

        message.ShouldStartWith("letter.mp4 is not a media file");
        message.ShouldContain("Invalid data");
        message.ShouldNotContain(_bench.Folder);
    }

    [Fact]
    public async Task Open_Empty_SaysSo()
    {
        string path = _bench.PathOf("empty.mp4");
        await File.WriteAllBytesAsync(path, [], Workbench.Token);

        (await FailureOfOpenAsync(path)).ShouldBe("empty.mp4 is empty (0 bytes).");
    }

    [Fact]
    public async Task Open_Missing_SaysSo() => (await FailureOfOpenAsync(_bench.PathOf("none.mp4"))).ShouldBe("none.mp4 does not exist.");

    [Fact]
    public async Task Open_AudioOnly_SaysWhatWasSeen()
    {
        string path = await _bench.MakeAsync("voice.mp4", "-f lavfi -i sine=d=1 -c:a aac");

        (await FailureOfOpenAsync(path)).ShouldBe("voice.mp4 has no video stream: ffprobe saw mov,mp4,m4a,3gp,3g2,mj2 with audio aac.");
    }

    [Fact]
    public async Task Open_PlaylistNamedMp4_DoesNotFollowIt()
    {
        string film = await _bench.MakeAsync("film.mp4", "-f lavfi -i testsrc=s=64x48:d=1 -pix_fmt yuv420p");
        string path = _bench.PathOf("list.mp4");
        await File.WriteAllTextAsync(path, $"ffconcat version 1.0\nfile {Path.GetFileName(film)}\n", Workbench.Token);

        (await FailureOfOpenAsync(path)).ShouldContain("not on whitelist", Case.Insensitive);
    }

    [Fact]
    public async Task Open_NameWithQuotesAndPercent_IsReadAsItIs()
    {
        string plain = await _bench.MakeAsync("film.mp4", "-f lavfi -i testsrc=s=64x48:r=5:d=1 -pix_fmt yuv420p");
        string odd = _bench.PathOf("a \"b\" %03d 'c' -i.mp4");
        File.Move(plain, odd);

        (await _bench.ReadAsync(odd)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task ReadFrames_TruncatedMp4_GivesTheFramesBeforeTheCutAndThenTheError()
    {
        string whole = await _bench.MakeAsync("whole.mp4", "-f lavfi -i testsrc2=s=320x240:r=25:d=4 -pix_fmt yuv420p -movflags +faststart");
        string path = _bench.PathOf("cut.mp4");
        byte[] bytes = await File.ReadAllBytesAsync(whole, Workbench.Token);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length * 6 / 10)], Workbench.Token);
        IVideoClip clip = await _bench.Reader.OpenAsync(path, Workbench.Token);
        int frames = 0;

        MediaException error = await Should.ThrowAsync<MediaException>(async () =>
        {
            await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, Workbench.Token))
            {
                frame.Dispose();
                frames++;
            }
        });

        frames.ShouldBeInRange(20, 90);
        error.FileName.ShouldBe("cut.mp4");
        error.Message.ShouldContain($"breaks off after {frames} frames");
        error.Message.ShouldContain("100 frames");
        Workbench.ChildProcesses().ShouldBe(0);
    }

    [Fact]
    public async Task Open_TruncatedMp4WithItsIndexAtTheEnd_NamesTheFileAndWhatIsMissing()
    {
        string whole = await _bench.MakeAsync("whole.mp4", "-f lavfi -i testsrc2=s=64x48:r=25:d=1 -pix_fmt yuv420p");
        string path = _bench.PathOf("cut.mp4");
        byte[] bytes = await File.ReadAllBytesAsync(whole, Workbench.Token);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length * 6 / 10)], Workbench.Token);

        string message = await FailureOfOpenAsync(path);

        message.ShouldStartWith("cut.mp4 is not a media file that can be decoded");
        message.ShouldContain("moov atom not found");
    }

    [Fact]
    public async Task ReadFrames_LeftEarly_EndsTheDecoder()
    {
        string path = await _bench.MakeAsync("film.mp4", "-f lavfi -i testsrc=s=320x240:r=25:d=20 -pix_fmt yuv420p -preset ultrafast");
        IVideoClip clip = await _bench.Reader.OpenAsync(path, Workbench.Token);

        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, Workbench.Token))
        {
            frame.Dispose();
            Workbench.ChildProcesses().ShouldBe(1);
            break;
        }

        Workbench.ChildProcesses().ShouldBe(0);
    }

    [Fact]
    public async Task ReadFrames_Cancelled_EndsTheDecoder()
    {
        string path = await _bench.MakeAsync("film.mp4", "-f lavfi -i testsrc=s=320x240:r=25:d=20 -pix_fmt yuv420p -preset ultrafast");
        IVideoClip clip = await _bench.Reader.OpenAsync(path, Workbench.Token);
        using CancellationTokenSource cancel = new();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, cancel.Token))
            {
                frame.Dispose();
                await cancel.CancelAsync();
            }
        });

        Workbench.ChildProcesses().ShouldBe(0);
    }

    [Fact]
    public async Task Open_FFmpegNotInstalled_SaysHowToGetIt()
    {
        using Workbench bare = new(options => options.BinaryFolder = _bench.Folder);
        string path = await _bench.MakeAsync("one.png", "-f lavfi -i testsrc=s=16x16 -frames:v 1");

        FailedPreconditionException error = await Should.ThrowAsync<FailedPreconditionException>(() => bare.Reader.OpenAsync(path, Workbench.Token));

        error.Message.ShouldContain("apt-get install ffmpeg");
    }

    [Fact]
    public async Task Open_AnimatedWebP_SaysThatItIsNotDecoded()
    {
        string path = await _bench.MakeAsync("moving.webp", "-f lavfi -i testsrc=s=64x48:r=5:d=1 -c:v libwebp -loop 0");

        (await FailureOfOpenAsync(path)).ShouldContain("animated WebP is not decoded");
    }

    private async Task<string> FailureOfOpenAsync(string path) =>
        (await Should.ThrowAsync<MediaException>(() => _bench.Reader.OpenAsync(path, Workbench.Token))).Message;
}

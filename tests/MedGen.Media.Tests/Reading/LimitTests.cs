using System.Diagnostics;
using System.Runtime.Versioning;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.Time.Testing;

namespace MedGen.Media.Tests.Reading;

[SupportedOSPlatform("linux")]
public sealed class LimitTests
{
    [Fact]
    public async Task ReadFrames_DecoderDoesNothing_IsEndedAndNamed()
    {
        FakeTimeProvider time = new();
        using Workbench tools = new();
        await WriteProgramAsync(tools.PathOf("ffprobe"), "exec ffprobe \"$@\"");
        await WriteProgramAsync(tools.PathOf("ffmpeg"), "exec sleep 600");
        using Workbench bench = new(options => options.BinaryFolder = tools.Folder, time);
        string path = await bench.MakeAsync("film.mp4", "-f lavfi -i testsrc=s=64x48:r=5:d=1 -pix_fmt yuv420p");
        IVideoClip clip = await bench.Reader.OpenAsync(path, Workbench.Token);
        await using IAsyncEnumerator<VideoFrame> frames = clip.ReadFramesAsync(FrameSampling.All, Workbench.Token).GetAsyncEnumerator(Workbench.Token);

        Task<bool> first = frames.MoveNextAsync().AsTask();
        while (!first.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await Task.Yield();
        }

        MediaException error = await Should.ThrowAsync<MediaException>(() => first);
        error.Message.ShouldStartWith("film.mp4: the decoder made no progress for 60 s");
        Workbench.ChildProcesses().ShouldBe(0);
    }

    [Fact]
    public async Task Open_PictureLargerThanAllowed_NamesTheLimit()
    {
        using Workbench bench = new(options => options.MaxPixels = 1000);
        string path = await bench.MakeAsync("wide.png", "-f lavfi -i testsrc=s=64x48 -frames:v 1");

        MediaException error = await Should.ThrowAsync<MediaException>(() => bench.Reader.OpenAsync(path, Workbench.Token));

        error.Message.ShouldBe("wide.png has pictures of 64x48 px; at most 1000 px in all are decoded.");
    }

    [Fact, Long]
    public async Task ReadFrames_DecoderNeedsMoreMemoryThanAllowed_FailsByName()
    {
        using Workbench bench = new(options => options.ProcessMemoryMiB = 512);
        string path = await bench.MakeAsync("huge.png", "-f lavfi -i color=gray:s=8000x8000 -frames:v 1 -pix_fmt rgb24");

        MediaException error = await Should.ThrowAsync<MediaException>(() => bench.ReadAsync(path));

        error.FileName.ShouldBe("huge.png");
        Workbench.ChildProcesses().ShouldBe(0);
    }

    [Fact]
    public Task ReadFrames_FilmAtOneFrameASecond_NeedsMemoryForAFewFramesOnly() => NeedsMemoryForAFewFramesOnlyAsync(seconds: 60);

    [Fact]
    [Long]
    public Task ReadFrames_LongFilmAtOneFrameASecond_NeedsMemoryForAFewFramesOnly() => NeedsMemoryForAFewFramesOnlyAsync(seconds: 600);

    private static async Task NeedsMemoryForAFewFramesOnlyAsync(int seconds)
    {
        using Workbench bench = new();
        string part = await bench.MakeAsync("part.mp4", "-f lavfi -i testsrc=s=1920x1080:r=5:d=10 -pix_fmt yuv420p -preset ultrafast");
        string film = await bench.MakeAsync("film.mp4", $"-stream_loop {(seconds / 10) - 1} -i {part} -c copy");
        IVideoClip clip = await bench.Reader.OpenAsync(film, Workbench.Token);
        long children = 0;
        int count = 0;
        long before = RestartPeak();

        await foreach (VideoFrame frame in clip.ReadFramesAsync(new FrameSampling { FramesPerSecond = 1 }, Workbench.Token))
        {
            using (frame)
            {
                frame.Timestamp.TotalSeconds.ShouldBe(count++, 0.001);
                children = Math.Max(children, Workbench.PeakOfChildren());
            }
        }

        count.ShouldBe(seconds);
        using Process self = Process.GetCurrentProcess();
        long reader = self.PeakWorkingSet64 - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"peak resident: reader {reader >> 20} MiB, decoder {children >> 20} MiB");
        children.ShouldBeGreaterThan(0);
        (reader + children).ShouldBeLessThan(300_000_000); // a second of this film is 31 MB, the film 1.9 GB; measured: 114 MiB
    }

    // Other tests of this process may have needed more than this one; proc(5) says how to begin the peak anew. The resident bytes now.
    private static long RestartPeak()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Environment.WorkingSet;
    }

    private static async Task WriteProgramAsync(string path, string command)
    {
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{command}\n", Workbench.Token);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}

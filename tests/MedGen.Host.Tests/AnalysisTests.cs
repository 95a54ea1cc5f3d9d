using Grpc.Core;
using MedGen.Client;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>What clips show, stored ones and frames that come live.</summary>
public class AnalysisTests
{
    private static readonly string Clip = Path.Combine(AppContext.BaseDirectory, "lung_ultrasound.mp4");

    [Fact]
    public async Task Analyze_AnUploadedClip_GivesFramesTheClipAndItsEnd()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.Artifact clip = await host.Client.Artifacts.UploadAsync(Clip, cancellationToken: RunningHost.Token);

        List<Proto.JobEvent> updates = await ReadAsync(
            host.Client.Analysis.AnalyzeAsync(new() { Inputs = { new Proto.AnalysisInput { ArtifactId = clip.ArtifactId } }, Task = "brightness" }, RunningHost.Token));

        updates.ShouldContain(update => update.Findings != null && update.Findings.Interim);
        Proto.Findings answer = updates.Single(update => update.Findings is { Interim: false }).Findings;
        Proto.Labels labels = answer.Findings_.ShouldHaveSingleItem().Labels;
        labels.Labels_.ShouldBe(["dark"]);
        labels.Probabilities.Select(p => p.Label).ShouldBe(["dark", "bright"]);
        labels.Probabilities.Sum(p => p.Probability).ShouldBe(1, 1e-9);
        answer.Analyzer.PluginVersion.ShouldBe("1.2.3");
        updates.Single(update => update.AnalysisSummary != null).AnalysisSummary.FramesAnalyzed.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Analyze_ATextNamedMp4_IsInvalidAndNamesTheFile()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        string text = Path.Combine(host.Folder, "notes.mp4");
        await File.WriteAllTextAsync(text, "not a film", RunningHost.Token);
        Proto.Artifact artifact = await host.Client.Artifacts.UploadAsync(text, cancellationToken: RunningHost.Token);

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(() => ReadAsync(
            host.Client.Analysis.AnalyzeAsync(new() { Inputs = { new Proto.AnalysisInput { ArtifactId = artifact.ArtifactId } }, Task = "brightness" }, RunningHost.Token)));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Reason.ShouldBe("MEDIA_UNREADABLE");
        error.Message.ShouldContain("notes.mp4");
    }

    [Fact]
    public async Task StreamFrames_LiveFrames_AnswersEachAndTheWhole()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.StreamFramesConfig config = new() { Task = "brightness", Width = 4, Height = 2 };

        List<Proto.StreamFramesResponse> answers = await ReadAsync(host.Client.Analysis.StreamFramesAsync(config, Frames(24, 24, 24), RunningHost.Token));

        answers.Count(answer => answer.Findings is { Interim: true }).ShouldBe(3);
        answers[^2].Findings.Findings_.ShouldHaveSingleItem().Labels.Labels_.ShouldBe(["bright"]);
        answers[^1].Summary.FramesAnalyzed.ShouldBe(3);
    }

    [Fact]
    public async Task StreamFrames_AFrameOfAnotherSize_IsInvalid()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.StreamFramesConfig config = new() { Task = "brightness", Width = 4, Height = 2 };

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(
            () => ReadAsync(host.Client.Analysis.StreamFramesAsync(config, Frames(24, 23), RunningHost.Token)));

        error.Violations.Single().Field.ShouldBe("frame.rgb24");
    }

    [Fact]
    public async Task StreamFrames_WhoseSourceFails_EndsWithItsError()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        Proto.StreamFramesConfig config = new() { Task = "brightness", Width = 4, Height = 2 };

        IOException error = await Should.ThrowAsync<IOException>(
            () => ReadAsync(host.Client.Analysis.StreamFramesAsync(config, Unplugged(new IOException("the camera is gone")), RunningHost.Token)));

        error.Message.ShouldBe("the camera is gone");
        await Should.ThrowAsync<TimeoutException>(
            () => ReadAsync(host.Client.Analysis.StreamFramesAsync(config, Unplugged(new TimeoutException()), RunningHost.Token)));
        OperationCanceledException late = new("the camera was late");
        (await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ReadAsync(host.Client.Analysis.StreamFramesAsync(config, Unplugged(late), RunningHost.Token)))).ShouldBeSameAs(late);
    }

    private static async IAsyncEnumerable<Proto.RawFrame> Frames(params int[] sizes)
    {
        foreach (int size in sizes)
        {
            await Task.Yield();
            yield return new Proto.RawFrame { Rgb24 = Google.Protobuf.ByteString.CopyFrom([.. Enumerable.Repeat((byte)255, size)]) };
        }
    }

    private static async IAsyncEnumerable<Proto.RawFrame> Unplugged(Exception error)
    {
        await foreach (Proto.RawFrame frame in Frames(24))
        {
            yield return frame;
        }

        throw error;
    }

    private static Task<List<T>> ReadAsync<T>(IAsyncEnumerable<T> stream) => stream.ToListAsync(RunningHost.Token).AsTask();
}

using System.Diagnostics;
using MedGen.Client;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>Nothing stood in for: the built plugin, the resident model, the device, ffmpeg, over a real connection.</summary>
public class WholePlatformTests
{
    [Fact]
    public async Task Generate_TwiceWithOneSeed_GivesTheSameFrames()
    {
        await using RunningHost host = await RunningHost.StartRealAsync();

        Proto.Artifact first = await GenerateAsync(host);
        Proto.Artifact second = await GenerateAsync(host);

        // The files differ in their provenance, which names the job.
        string hashes = await ResultFrames.HashAsync(host, first.ArtifactId);
        hashes.Split('\n').Count(line => line.StartsWith("0,", StringComparison.Ordinal)).ShouldBe(RunningHost.Small().NumFrames);
        (await ResultFrames.HashAsync(host, second.ArtifactId)).ShouldBe(hashes);
        first.Provenance.PluginId.ShouldBe("medgen.generation");
        first.Provenance.ModelHash.ShouldBe((await host.Client.Models.GetAsync(RunningHost.Token)).Hash);
        first.Provenance.ModelIsTrained.ShouldBeFalse();
    }

    [Fact]
    public async Task Generate_WithAPromptAlone_TakesWhatTheModelWasMadeFor()
    {
        await using RunningHost host = await RunningHost.StartRealAsync();
        Proto.GenerationDefaults defaults = (await host.Client.Models.GetAsync(RunningHost.Token)).Defaults;

        Proto.Artifact result = await GenerateAsync(host, new Proto.GenerateVideoRequest { Prompt = "a lung", NumInferenceSteps = 1 });

        (defaults.Width, defaults.Height, defaults.NumFrames, defaults.FramesPerSecond, defaults.GuidanceScale, defaults.Shift).ShouldBe((128, 128, 17, 8, 5, 5));
        (result.Provenance.Width, result.Provenance.Height, result.Provenance.NumFrames, result.Provenance.FramesPerSecond).ShouldBe((128, 128, 17, 8));
        (result.Provenance.NumInferenceSteps, result.Provenance.GuidanceScale, result.Provenance.Shift).ShouldBe((1, 5, 5));
    }

    [Fact, Long]
    public async Task Generate_WithShortcuts_GivesOtherFramesAndSaysWhichInTheirProvenance()
    {
        await using RunningHost host = await RunningHost.StartRealAsync();
        Proto.GenerateVideoRequest request = RunningHost.Small();
        Proto.Artifact exact = await GenerateAsync(host, request);
        request.Wan = new() { Acceleration = new() { GuidedShare = 0.5, ZeroStarGuidance = true } };

        Proto.Artifact result = await GenerateAsync(host, request);

        exact.Provenance.Acceleration.ShouldBeNull();
        result.Provenance.Acceleration.ShouldBe(request.Wan.Acceleration);
        (await ResultFrames.HashAsync(host, result.ArtifactId)).ShouldNotBe(await ResultFrames.HashAsync(host, exact.ArtifactId));
    }

    [Fact, Long]
    public async Task Generate_WithAFolderForEmbeddings_KeepsThePromptsRowsThereAndNowhereElse()
    {
        await using RunningHost keeping = await RunningHost.StartRealAsync(embeddings: "embeddings");
        await using RunningHost plain = await RunningHost.StartRealAsync();

        await GenerateAsync(keeping);
        await GenerateAsync(plain);

        Directory.GetFiles(keeping.Folder, "*.embedding.safetensors", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Distinct()
            .ShouldBe([Path.Combine(keeping.Folder, "embeddings")]);
        Directory.GetFiles(plain.Folder, "*.embedding.safetensors", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task EraseArtifacts_OfAnOwner_EmptiesTheEmbeddingsOfPrompts()
    {
        await using RunningHost host = await RunningHost.StartRealAsync(embeddings: "embeddings");
        await GenerateAsync(host);
        Directory.GetFiles(Path.Combine(host.Folder, "embeddings")).ShouldNotBeEmpty();

        (await host.Client.Artifacts.EraseAsync(new() { Owner = "local", DryRun = true }, RunningHost.Token)).Emptied.ShouldBe(["embeddings"]);
        Directory.GetFiles(Path.Combine(host.Folder, "embeddings")).ShouldNotBeEmpty();
        (await host.Client.Artifacts.EraseAsync(new() { Owner = "local" }, RunningHost.Token)).Emptied.ShouldBe(["embeddings"]);

        Directory.GetFiles(Path.Combine(host.Folder, "embeddings")).ShouldBeEmpty();
    }

    [Fact, Long]
    public async Task Generate_InBfloat16_SaysSoAndIsCloseToFloat32()
    {
        await using RunningHost full = await RunningHost.StartRealAsync();
        await using RunningHost half = await RunningHost.StartRealAsync("bfloat16");

        Proto.Artifact expected = await GenerateAsync(full);
        Proto.Artifact actual = await GenerateAsync(half);

        expected.Provenance.ModelDataType.ShouldBe("float32");
        actual.Provenance.ModelDataType.ShouldBe("bfloat16");
        (await half.Client.Models.GetAsync(RunningHost.Token)).DataType.ShouldBe("bfloat16");
        byte[] expectedPixels = await DecodeAsync(full, expected);
        byte[] actualPixels = await DecodeAsync(half, actual);
        actualPixels.Length.ShouldBe(expectedPixels.Length);

        // bfloat16 keeps 8 bits of a number; over two steps with guidance that is a few of the 255 levels on average, where another seed is tens away.
        double difference = MeanDifference(actualPixels, expectedPixels);
        difference.ShouldBeInRange(1e-9, 8);
        difference.ShouldBeLessThan(MeanDifference(await DecodeAsync(full, await GenerateAsync(full, seed: 8)), expectedPixels) / 4);
    }

    [Fact, Long]
    public async Task Reload_WhileAClipIsGenerated_FailsNothing()
    {
        await using RunningHost host = await RunningHost.StartRealAsync();
        Task<Proto.Artifact> generating = GenerateAsync(host);

        Proto.Plugin reloaded = await host.Client.Plugins.ReloadAsync("medgen.generation", RunningHost.Token);

        reloaded.State.ShouldBe(Proto.PluginState.Active);
        (await generating).Synthetic.ShouldBeTrue();
    }

    [Fact]
    public async Task Generate_WithTheDisabledPlugin_IsRefusedUntilItIsEnabled()
    {
        await using RunningHost host = await RunningHost.StartRealAsync();
        await host.Client.Plugins.DisableAsync("medgen.generation", RunningHost.Token);

        MedGenRpcException error = await Should.ThrowAsync<MedGenRpcException>(() => GenerateAsync(host));

        error.StatusCode.ShouldBe(Grpc.Core.StatusCode.FailedPrecondition);
        (await host.Client.Plugins.EnableAsync("medgen.generation", RunningHost.Token)).State.ShouldBe(Proto.PluginState.Active);
        (await GenerateAsync(host)).Synthetic.ShouldBeTrue();
    }

    private static async Task<byte[]> DecodeAsync(RunningHost host, Proto.Artifact artifact)
    {
        string file = Path.Combine(host.Folder, artifact.ArtifactId + ".mp4");
        await host.Client.Artifacts.DownloadAsync(artifact.ArtifactId, file, cancellationToken: RunningHost.Token);
        using Process ffmpeg = Process.Start(
            new ProcessStartInfo("ffmpeg", ["-v", "error", "-i", file, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]) { RedirectStandardOutput = true })!;
        using MemoryStream pixels = new();
        await ffmpeg.StandardOutput.BaseStream.CopyToAsync(pixels, RunningHost.Token);
        await ffmpeg.WaitForExitAsync(RunningHost.Token);
        return pixels.ToArray();
    }

    private static double MeanDifference(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();

    private static Task<Proto.Artifact> GenerateAsync(RunningHost host, long seed = 7)
    {
        Proto.GenerateVideoRequest request = RunningHost.Small();
        request.Seed = seed;
        return GenerateAsync(host, request);
    }

    private static async Task<Proto.Artifact> GenerateAsync(RunningHost host, Proto.GenerateVideoRequest request)
    {
        Proto.Artifact? result = null;
        await foreach (Proto.JobEvent update in host.Client.Generation.GenerateAsync(request, RunningHost.Token))
        {
            result = update.Result ?? result;
        }

        return result.ShouldNotBeNull();
    }
}

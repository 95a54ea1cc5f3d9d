using MedGen.Application.Auditing;
using MedGen.Application.Artifacts;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Serving;

namespace MedGen.Application.Tests;

public sealed class ValidationTests
{
    private static GenerateVideo Small { get; } = new() { Prompt = "a secret prompt", Width = 32, Height = 16, NumFrames = 5, NumInferenceSteps = 2 };

    [Fact]
    public async Task Validation_ManyFaults_AreAllSaidAtOnceInSnakeCase()
    {
        await using Platform platform = await Platform.StartAsync();
        GenerateVideo message = new() { Prompt = " ", Width = 33, NumFrames = 6, GuidanceScale = double.NaN, Wan = new() { Scheduler = (GenerationScheduler)99 } };

        // No caller either: what is wrong with the message is said first.
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => platform.Send(message, null));

        error.Violations.Select(v => v.Field).ShouldBe(["wan.scheduler", "prompt", "width", "num_frames", "guidance_scale"]);
        error.Message.ShouldContain("33");
    }

    public static TheoryData<string, GenerateVideo> OutOfRange() => new()
    {
        { "prompt", Small with { Prompt = new string('x', 4001) } },
        { "negative_prompt", Small with { NegativePrompt = new string('x', 4001) } },
        { "height", Small with { Height = 1296 } },
        { "num_frames", Small with { NumFrames = 261 } },
        { "frames_per_second", Small with { FramesPerSecond = 0.5 } },
        { "num_inference_steps", Small with { NumInferenceSteps = 0 } },
        { "guidance_scale", Small with { GuidanceScale = 30.5 } },
        { "wan.shift", Small with { Wan = new() { Shift = 0 } } },
        { "seed", Small with { Seed = -1 } },
        { "strength", Small with { Strength = 1.01 } },
        { "wan.adapter", Small with { Wan = new() { Adapter = "../x" } } },
        { "wan.adapter_scale", Small with { Wan = new() { AdapterScale = 4.5 } } },
        { "wan.adapters[0].strength", Small with { Wan = new() { Adapters = [new() { Name = "a", Strength = -4.5 }] } } },
        { "wan.adapters[0].low_noise_strength", Small with { Wan = new() { Adapters = [new() { Name = "a", LowNoiseStrength = 5 }] } } },
        { "wan.adapters[0].name", Small with { Wan = new() { Adapters = [new() { Name = "../x" }] } } },
        { "wan.adapters[1].name", Small with { Wan = new() { Adapters = [new() { Name = "a" }, new() { Name = "a" }] } } },
        { "wan.adapters", Small with { Wan = new() { Adapter = "a", Adapters = [new() { Name = "b" }] } } },
        { "wan.low_noise_guidance_scale", Small with { Wan = new() { LowNoiseGuidanceScale = -1 } } },
        { "wan.acceleration.tea_cache_threshold", Small with { Wan = new() { Acceleration = new() { TeaCacheThreshold = 0 } } } },
        { "wan.acceleration.easy_cache_threshold", Small with { Wan = new() { Acceleration = new() { EasyCacheThreshold = 1.5 } } } },
        { "wan.acceleration.easy_cache_threshold", Small with { Wan = new() { Acceleration = new() { TeaCacheThreshold = 0.1, EasyCacheThreshold = 0.1 } } } },
        { "wan.acceleration.guided_share", Small with { Wan = new() { Acceleration = new() { GuidedShare = double.NaN } } } },
        { "priority", Small with { Priority = (ServicePriority)9 } },
        { "preview_interval", Small with { PreviewInterval = -1 } },
        { "timeout", Small with { Timeout = TimeSpan.Zero } },
        { "idempotency_key", Small with { IdempotencyKey = "" } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public async Task Validation_OneFieldOutOfRange_NamesItAndNeverThePrompt(string field, GenerateVideo message)
    {
        await using Platform platform = await Platform.StartAsync();

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => platform.Send(message, Platform.Ann));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
        error.Message.ShouldNotContain("secret");
        error.Message.ShouldNotContain("xxx");
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("x job:other")]
    [InlineData("x\njob:other")]
    [InlineData("Müller")]
    public async Task Validation_IdsThatAreNone_ReachNeitherStoreNorAuditLog(string id)
    {
        await using Platform platform = await Platform.StartAsync();

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => platform.Send(new OpenArtifact { ArtifactId = id }, Platform.Ann));
        await Should.ThrowAsync<InvalidInputException>(() => platform.Send(new CancelJob { JobId = id }, Platform.Ann));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("artifact_id");
        (await platform.Audit.ReadAsync(new AuditQuery(), Platform.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Validation_Uploads_RefuseFoldersAndForeignHashes()
    {
        await using Platform platform = await Platform.StartAsync();
        UploadArtifact message = new()
        {
            FileName = "../clip.mp4", MediaType = "video", Sha256 = "abc", Chunks = AsyncEnumerable.Empty<ReadOnlyMemory<byte>>(),
        };

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => platform.Send(message, Platform.Ann));

        error.Violations.Select(v => v.Field).ShouldBe(["file_name", "media_type", "sha256"]);
    }
}

using MedGen.Application.Artifacts;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Tests;

public sealed class IdempotencyTests
{
    private static GenerateVideo Small { get; } = new() { Prompt = "a secret prompt", Width = 32, Height = 16, NumFrames = 5, NumInferenceSteps = 2 };

    [Fact]
    public async Task Idempotency_SameKey_SameRequestGivesTheSameJobAndAnotherFails()
    {
        await using Platform platform = await Platform.StartAsync();
        GenerateVideo message = Small with { IdempotencyKey = "key-1" };

        Job first = await platform.Send(message, Platform.Ann);
        Job again = await platform.Send(message with { }, Platform.Ann);
        Job others = await platform.Send(message, Platform.Bob);
        FailedPreconditionException error =
            await Should.ThrowAsync<FailedPreconditionException>(() => platform.Send(message with { Width = 48 }, Platform.Ann));

        again.Id.ShouldBe(first.Id);
        others.Id.ShouldNotBe(first.Id);
        error.Reason.ShouldBe("IDEMPOTENCY_KEY_REUSED");
    }

    [Fact]
    public async Task Idempotency_SameKeyAtTheSameTime_MakesOneJob()
    {
        await using Platform platform = await Platform.StartAsync();

        GenerateVideo message = Small with { IdempotencyKey = "k" };
        Job[] jobs = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => platform.Send(message, Platform.Ann))));

        jobs.Select(job => job.Id).Distinct().ShouldHaveSingleItem();
        (await platform.Send(new ListJobs(), Platform.Ann)).Jobs.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Idempotency_UploadAgain_GivesTheArtifactWithoutReading()
    {
        await using Platform platform = await Platform.StartAsync();
        byte[] content = [1, 2, 3];
        UploadArtifact message = new()
        {
            FileName = "a.bin",
            MediaType = "application/octet-stream",
            Sha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content)),
            IdempotencyKey = "k",
            Chunks = new[] { (ReadOnlyMemory<byte>)content }.ToAsyncEnumerable(),
        };

        Artifact first = await platform.Send(message, Platform.Ann);
        Artifact again = await platform.Send(message with { Chunks = Unreadable() }, Platform.Ann);

        again.ShouldBe(first);

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Unreadable()
        {
            await Task.Yield();
            yield return ReadOnlyMemory<byte>.Empty;
            throw new InvalidOperationException("Was read.");
        }
    }
}

using MedGen.Application.Artifacts;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;

namespace MedGen.Application.Tests;

/// <summary>Adapters in a request: what they were made for, and what the provenance says of them.</summary>
public sealed class AdapterTests
{
    private static GenerateVideo Small { get; } = new() { Prompt = "a", Width = 32, Height = 16, NumFrames = 5 };

    [Fact]
    public async Task GenerateVideo_WithAnAdapterMadeForFewSteps_TakesThemAndTellsSo()
    {
        await using Platform platform = await Platform.StartAsync();
        GenerateVideo message = Small with { Wan = new() { Adapters = [new() { Name = "fast", Strength = -0.5 }] } };

        GenerationProvenance made = await ProvenanceAsync(platform, message);
        GenerationProvenance asked = await ProvenanceAsync(platform, message with { NumInferenceSteps = 5, Scheduler = GenerationScheduler.Euler });

        (made.NumInferenceSteps, made.GuidanceScale, made.Shift, made.Scheduler).ShouldBe((2, 1, 4, "LightX2V"));
        (asked.NumInferenceSteps, asked.GuidanceScale, asked.Scheduler).ShouldBe((5, 1, "Euler"));
        made.Adapters.ShouldNotBeNull().ShouldHaveSingleItem()
            .ShouldBe(new AdapterRecord { Name = "fast", Sha256 = new string('d', 64), Strength = -0.5 });
        (made.Adapter, made.AdapterScale).ShouldBe(("fast", -0.5));
    }

    [Fact]
    public async Task GenerateVideo_WithAnAdapterThatIsNotThere_MakesNoJob()
    {
        await using Platform platform = await Platform.StartAsync();
        GenerateVideo message = Small with { Wan = new() { Adapters = [new() { Name = "mine" }, new() { Name = "absent" }] } };

        (await Should.ThrowAsync<ResourceNotFoundException>(() => platform.Send(message, Platform.Ann))).ResourceId.ShouldBe("absent");
        (await platform.Send(new ListJobs(), Platform.Ann)).Jobs.ShouldBeEmpty();
    }

    private static async Task<GenerationProvenance> ProvenanceAsync(Platform platform, GenerateVideo message)
    {
        Job job = await platform.Send(message, Platform.Ann);
        await platform.WatchAsync(job.Id);
        string id = (await platform.Send(new GetJob { JobId = job.Id }, Platform.Ann)).Results.Single();
        return (await platform.Send(new GetArtifact { ArtifactId = id }, Platform.Ann)).Provenance.ShouldNotBeNull();
    }
}

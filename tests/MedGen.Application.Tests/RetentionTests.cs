using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Jobs.Running;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Tests;

public sealed class RetentionTests
{
    private static GenerateVideo Small { get; } = new() { Prompt = "x", Width = 16, Height = 16, NumFrames = 1, NumInferenceSteps = 1 };

    [Fact]
    public async Task Start_AfterTheRetention_RemovesEndedJobsAndKeepsWhatTheyMade()
    {
        await using Platform platform = await Platform.StartAsync();
        Job old = await platform.Send(Small with { IdempotencyKey = "k" }, Platform.Ann);
        Artifact artifact = ((ArtifactProduced)(await platform.UntilAsync(old.Id, p => p is ArtifactProduced)).Payload).Artifact;
        await platform.WatchAsync(old.Id);
        platform.Time.Advance(TimeSpan.FromDays(25));
        Job young = await platform.Send(Small, Platform.Ann);
        await platform.WatchAsync(young.Id);
        await platform.StopHostAsync();

        platform.Time.Advance(TimeSpan.FromDays(5) + TimeSpan.FromSeconds(1));
        await platform.StartHostAsync();

        (await platform.Send(new ListJobs(), Platform.Reader)).Jobs.Select(job => job.Id).ShouldBe([young.Id]);
        await Should.ThrowAsync<ResourceNotFoundException>(() => platform.WatchAsync(old.Id));
        (await platform.Send(new GetArtifact { ArtifactId = artifact.Id }, Platform.Reader)).Provenance.ShouldBe(artifact.Provenance);
        File.Exists(await platform.Artifacts.GetVerifiedPathAsync(artifact, Platform.Token)).ShouldBeTrue();

        // The key went with its job, so it makes a new one.
        (await platform.Send(Small with { IdempotencyKey = "k" }, Platform.Ann)).Id.ShouldNotBe(old.Id);
        AuditEntry removal = (await platform.Audit.ReadAsync(new AuditQuery(), Platform.Token)).Select(record => record.Entry).Single(entry => entry.Action == "JobsRemoved");
        (removal.Caller, removal.Subject).ShouldBe(("system", $"job:{old.Id}"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task Start_BeforeTheRetentionOrWithoutOne_KeepsAllJobs(int days)
    {
        await using Platform platform = await Platform.StartAsync(options => options.JobRetention = TimeSpan.FromDays(days));
        Job job = await platform.Send(Small, Platform.Ann);
        await platform.WatchAsync(job.Id);
        await platform.StopHostAsync();

        platform.Time.Advance(TimeSpan.FromDays(59));
        await platform.StartHostAsync();

        (await platform.Send(new ListJobs(), Platform.Reader)).Jobs.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Start_WithAJobThatWaitsForYears_KeepsIt()
    {
        await using Platform platform = await Platform.StartAsync(options => options.MaxConcurrentJobs = 1);
        ((FakeGenerator)platform.Catalog.Generator!).Gate = new TaskCompletionSource();
        Job job = await platform.Send(Small, Platform.Ann);
        await platform.UntilAsync(job.Id, JobState.Running);
        await platform.StopHostAsync();

        platform.Time.Advance(TimeSpan.FromDays(1000));
        await platform.StartHostAsync();

        (await platform.Send(new ListJobs(), Platform.Reader)).Jobs.ShouldHaveSingleItem().Id.ShouldBe(job.Id);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3651)]
    public async Task Start_WithARetentionOutOfRange_Refuses(int days)
    {
        OptionsValidationException error = await Should.ThrowAsync<OptionsValidationException>(
            () => Platform.StartAsync(options => options.JobRetention = TimeSpan.FromDays(days)));

        error.Message.ShouldContain("JobRetention");
    }
}

using System.Text.Json;
using MedGen.Application.Auditing;
using MedGen.Application.Analysis;
using MedGen.Application.Artifacts;
using MedGen.Application.Erasure;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Tests;

/// <summary>Jobs that a crash cut off after they had said something, or had stored their result.</summary>
public sealed class CutOffTests
{
    private static CancellationToken Token => Platform.Token;

    private static GenerateVideo Small { get; } = new() { Prompt = "x", Width = 16, Height = 16, NumFrames = 5, NumInferenceSteps = 1 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_AfterAGenerationHadStoredItsClip_TellsOfThatClipAndMakesNoOther(bool told)
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact clip = null!;
        ResolvedGeneration asked = new() { Request = Small.Resolve(new FakeModel().Description.Defaults, seed: 1) };
        Job job = await CutOffAsync(platform, JobKind.Generation, asked, async (stores, running) =>
        {
            string path = stores.Artifacts.NewWorkFile(".mp4");
            await File.WriteAllBytesAsync(path, [1, 2, 3], Token);
            NewArtifact made = new() { FileName = "clip.mp4", MediaType = "video/mp4", Owner = "ann", JobId = running.Id };
            clip = await stores.Artifacts.AdoptAsync(made, path, Token);
            if (told)
            {
                await stores.Jobs.AppendAsync(running.Id, new ArtifactProduced { Artifact = clip }, Token);
            }
        });

        List<JobEvent> events = await platform.WatchAsync(job.Id);

        events.Select(one => one.Payload).OfType<ArtifactProduced>().ShouldHaveSingleItem().Artifact.Id.ShouldBe(clip.Id);
        events[^1].Payload.ShouldBe(new JobStateChanged { State = JobState.Succeeded, Attempt = 2 });
        (await platform.Jobs.FindAsync(job.Id, Token))!.Results.ShouldBe([clip.Id]);
        ((FakeGenerator)platform.Catalog.Generator!).Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_AfterAnAnalysisHadToldSomeFindings_TellsTheOthersOnly()
    {
        await using Platform platform = await Platform.StartAsync();
        Job made = await platform.Send(Small, Platform.Ann);
        Artifact clip = ((ArtifactProduced)(await platform.UntilAsync(made.Id, payload => payload is ArtifactProduced)).Payload).Artifact;
        await platform.WatchAsync(made.Id);
        AnalyzerIdentity analyzer = new() { PluginId = "fake", PluginVersion = "1.0.0", Task = "brightness", Outputs = new FakeAnalyzer().Description.Outputs };
        AnalyzeVideo asked = new() { Inputs = [new AnalysisInput { ArtifactId = clip.Id }], Task = "brightness" };
        ((FakeAnalyzer)platform.Catalog.Analyzer!).Says = (_, _) => SayAsync();
        Job job = await CutOffAsync(platform, JobKind.Classification, asked, async (stores, running) =>
        {
            FindingsReported first = new() { Findings = [Measured(0), Measured(1)], Analyzer = analyzer };
            await stores.Jobs.AppendAsync(running.Id, first, Token);
            await stores.Jobs.AppendAsync(running.Id, first with { Findings = [Measured(7)], Interim = true }, Token);
        });

        List<JobEvent> events = await platform.WatchAsync(job.Id);

        List<FindingsReported> told = [.. events.Select(one => one.Payload).OfType<FindingsReported>().Where(report => !report.Interim)];
        told.SelectMany(report => report.Findings).OfType<LabelFinding>().Select(finding => ((FrameScope)finding.Scope).Index).ShouldBe([0, 1, 2, 3]);
        events.Select(one => one.Payload).OfType<AnalysisFinished>().ShouldHaveSingleItem();
        events[^1].Payload.ShouldBe(new JobStateChanged { State = JobState.Succeeded, Attempt = 2 });

        static LabelFinding Measured(int frame) => FakeAnalyzer.Finding(0.25, FindingScope.Frame(frame, TimeSpan.FromSeconds(frame)));

        static async IAsyncEnumerable<AnalysisUpdate> SayAsync()
        {
            for (int i = 0; i < 4; i++)
            {
                await Task.Yield();
                yield return new FinalFindings { Findings = [Measured(i)] };
            }

            yield return new AnalysisCompleted { FramesAnalyzed = 4 };
        }
    }

    [Fact]
    public async Task EraseArtifacts_OfAGeneration_EndsItsWatchersAndLeavesNothing()
    {
        await using Platform platform = await Platform.StartAsync();
        Job made = await platform.Send(Small, Platform.Ann);
        await platform.WatchAsync(made.Id);

        ErasureReceipt receipt = await platform.Send(new EraseArtifacts { Owner = "ann" }, Platform.Admin);

        receipt.Jobs.ShouldBe([made.Id]);
        receipt.Artifacts.ShouldHaveSingleItem().Kind.ShouldBe(ArtifactKind.GeneratedClip);
        await Should.ThrowAsync<ResourceNotFoundException>(() => platform.WatchAsync(made.Id));
        (await platform.Audit.ReadAsync(new AuditQuery(), Token)).ShouldContain(record => record.Entry.Subject == $"erasure:{receipt.Id}");
    }

    [Fact]
    public async Task Retention_OfUploads_DeletesThemWhenTheyAreOldAndKeepsTheOthers()
    {
        await using Platform platform = await Platform.StartAsync(options => options.UploadRetention = TimeSpan.FromDays(2));
        Artifact upload = await platform.UploadAsync([1]);
        Artifact held = await platform.UploadAsync([2]);
        await platform.Send(new HoldArtifact { ArtifactId = held.Id, Reason = "case 7" }, Platform.Admin);
        Job made = await platform.Send(Small, Platform.Ann);
        await platform.WatchAsync(made.Id);
        await platform.StopHostAsync();

        platform.Time.Advance(TimeSpan.FromDays(3));
        await platform.StartHostAsync();
        while (await platform.Artifacts.FindAsync(upload.Id, Token) is not null
            || (await platform.Audit.ReadAsync(new AuditQuery(), Token)).All(record => record.Entry.Action != "ArtifactsRemoved"))
        {
            await Task.Yield();
        }

        (await platform.Send(new ListArtifacts(), Platform.Admin)).Artifacts.Select(artifact => artifact.Kind).ShouldBe(
            [ArtifactKind.GeneratedClip, ArtifactKind.Upload], ignoreOrder: true);
        (await platform.Audit.ReadAsync(new AuditQuery(), Token)).ShouldContain(
            record => record.Entry.Action == "ArtifactsRemoved" && record.Entry.Subject == $"artifact:{upload.Id}");
    }

    private static async Task<Job> CutOffAsync(Platform platform, JobKind kind, object asked, Func<Stores, Job, Task> happens)
    {
        await platform.StopHostAsync();
        Job job;
        await using (Stores stores = new(platform.Folder))
        {
            string request = JsonSerializer.Serialize(asked, asked.GetType(), JobJson.Options);
            await stores.Jobs.CreateAsync(new NewJob { Kind = kind, Owner = "ann", Request = request }, Token);
            job = (await stores.Jobs.ClaimNextAsync(64, 64, Token))!.Job;
            await happens(stores, job);
        }

        await platform.StartHostAsync();
        return job;
    }
}

using System.Diagnostics.Metrics;
using MedGen.Application.Access;
using MedGen.Application.Analysis;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Models;
using MedGen.Application.Plugins;
using MedGen.Application.Streaming;
using MedGen.Sdk.Errors;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Application.Tests;

public sealed class PipelineTests
{
    private static readonly string[] Order =
    [
        "TracingBehavior`2", "ValidationBehavior`2", "AuthorizationBehavior`2", "IdempotencyBehavior`2", "AuditBehavior`2", "AdmissionBehavior`2",
    ];

    private static GenerateVideo Small { get; } = new() { Prompt = "a secret prompt", Width = 32, Height = 16, NumFrames = 5, NumInferenceSteps = 2 };

    [Fact]
    public async Task Behaviors_RequestsAndStreams_ComeInTheStatedOrder()
    {
        await using Platform platform = await Platform.StartAsync();
        using IServiceScope scope = platform.Services.CreateScope();

        scope.ServiceProvider.GetServices<IPipelineBehavior<GetJob, Job>>().Select(b => b.GetType().Name).ShouldBe(Order);
        scope.ServiceProvider.GetServices<IPipelineBehavior<WatchJob, StreamedAnswer<JobEvent>>>().Select(b => b.GetType().Name).ShouldBe(Order);
    }

    [Fact]
    public void Messages_All_StandForAnOperationOfThePolicy()
    {
        Type[] messages = [.. typeof(GenerateVideo).Assembly.GetTypes().Where(type => !type.IsInterface && typeof(IBaseRequest).IsAssignableFrom(type))];

        messages.Length.ShouldBeGreaterThan(15);
        messages.Where(type => AccessPolicy.Default.Find(OperationAttribute.Of(type)) is null).ShouldBeEmpty();
    }

    [Fact]
    public async Task Authorization_UnknownOrTooLow_IsRefusedAndAudited()
    {
        await using Platform platform = await Platform.StartAsync();

        await Should.ThrowAsync<UnauthenticatedException>(() => platform.Send(new GetJob { JobId = "x" }, null));
        await Should.ThrowAsync<UnauthenticatedException>(
            () => platform.Stream(new WatchJob { JobId = "x" }, null).ToListAsync(Platform.Token).AsTask());
        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(Small, Platform.Reader));
        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(new ReloadPlugin { PluginId = "fake" }, Platform.Ann));
        (await platform.Send(new ReloadPlugin { PluginId = "fake" }, Platform.Admin)).State.ShouldBe(PluginState.Active);

        IReadOnlyList<AuditRecord> records = await platform.Audit.ReadAsync(new AuditQuery(), Platform.Token);
        records.Select(r => (r.Entry.Caller, r.Entry.Action, r.Entry.Outcome)).ShouldBe(
        [
            ("anonymous", "GetJob", "UNAUTHENTICATED"),
            ("anonymous", "WatchJob", "UNAUTHENTICATED"),
            ("rita", "GenerateVideo", "ACCESS_DENIED"),
            ("ann", "ReloadPlugin", "ACCESS_DENIED"),
            ("root", "ReloadPlugin", "ok"),
        ]);
        records[3].Entry.Subject.ShouldBe("plugin:fake");
    }

    [Fact]
    public async Task Audit_WorkAndItsRefusals_HaveIdsAndNoPrompt()
    {
        await using Platform platform = await Platform.StartAsync();

        Job job = await platform.Send(Small, Platform.Ann);
        await platform.WatchAsync(job.Id);
        await Should.ThrowAsync<FailedPreconditionException>(() => platform.Send(new CancelJob { JobId = job.Id }, Platform.Ann));
        await platform.StopHostAsync();
        await platform.StartHostAsync();

        IReadOnlyList<AuditRecord> records = await platform.Audit.ReadAsync(new AuditQuery(), Platform.Token);
        records.Select(r => (r.Entry.Action, r.Entry.Outcome)).ShouldBe(
            [("GenerateVideo", "ok"), ("JobEnded", "ok"), ("WatchJob", "ok"), ("CancelJob", "JOB_ENDED")], ignoreOrder: true);
        records.ShouldAllBe(r => r.Entry.Subject == $"job:{job.Id}" && r.Entry.Caller == (r.Entry.Kind == AuditKind.Read ? "rita" : "ann"));
        (await platform.Audit.VerifyAsync(Platform.Token)).Faults.ShouldBeEmpty();
        platform.LogLines.ShouldNotContain(line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tracing_EveryOutcome_IsMeasuredByMessage()
    {
        List<(string?, string?)> measured = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Name == "medgen.message.duration")
            {
                it.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            Dictionary<string, object?> values = tags.ToArray().ToDictionary();
            lock (measured)
            {
                measured.Add(((string?)values["message"], (string?)values["outcome"]));
            }
        });
        listener.Start();
        await using Platform platform = await Platform.StartAsync();

        await platform.Send(new GetModel(), Platform.Reader);
        await Should.ThrowAsync<ResourceNotFoundException>(() => platform.Send(new GetModel { Name = "other" }, Platform.Reader));
        await Should.ThrowAsync<ResourceNotFoundException>(() => platform.WatchAsync("none"));

        lock (measured)
        {
            measured.ShouldContain(("GetModel", "ok"));
            measured.ShouldContain(("GetModel", "NOT_FOUND"));
            measured.ShouldContain(("WatchJob", "NOT_FOUND"));
        }
    }

    [Fact]
    public async Task Handlers_UnknownThings_AreNamed()
    {
        await using Platform platform = await Platform.StartAsync();

        await NotFound("job", () => platform.Send(new GetJob { JobId = "none" }, Platform.Ann));
        await NotFound("job", () => platform.Send(new CancelJob { JobId = "none" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(new GetArtifact { ArtifactId = "none" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(new OpenArtifact { ArtifactId = "none" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(new DeleteArtifact { ArtifactId = "none" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(new AnalyzeVideo { Inputs = [new AnalysisInput { ArtifactId = "none" }], Task = "brightness" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(Small with { SourceArtifactId = "none" }, Platform.Ann));
        await NotFound("artifact", () => platform.Send(Small with { FirstFrameArtifactId = "none" }, Platform.Ann));
        await NotFound("plugin", () => platform.Send(new GetPlugin { PluginId = "none" }, Platform.Ann));
        await NotFound("plugin", () => platform.Send(Small with { PluginId = "none" }, Platform.Ann));
        await NotFound("model", () => platform.Send(Small with { Model = "none" }, Platform.Ann));

        static async Task NotFound(string type, Func<Task> call)
        {
            ResourceNotFoundException error = await Should.ThrowAsync<ResourceNotFoundException>(call);
            (error.ResourceType, error.ResourceId).ShouldBe((type, "none"));
        }
    }

    [Fact]
    public async Task Handlers_NothingToServeWith_SayWhatIsMissing()
    {
        await using Platform platform = await Platform.StartAsync(withModel: false);
        Artifact artifact = await platform.UploadAsync([1]);

        (await Should.ThrowAsync<FailedPreconditionException>(() => platform.Send(Small, Platform.Ann))).Reason.ShouldBe("MODEL_NOT_LOADED");
        (await Should.ThrowAsync<FailedPreconditionException>(
            () => platform.Send(new AnalyzeVideo { Inputs = [new AnalysisInput { ArtifactId = artifact.Id }], Task = "other" }, Platform.Ann))).Reason.ShouldBe("NO_PLUGIN");
        platform.Catalog.Leases.ShouldBe(0);
    }

    [Fact]
    public async Task DeleteArtifact_SomebodyElses_NeedsAnAdministrator()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact artifact = await platform.UploadAsync([1]);

        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(new DeleteArtifact { ArtifactId = artifact.Id }, Platform.Bob));
        await platform.Send(new DeleteArtifact { ArtifactId = artifact.Id }, Platform.Admin);
    }
}

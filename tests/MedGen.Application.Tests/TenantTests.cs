using MedGen.Application.Access;
using MedGen.Application.Access.Sharing;
using MedGen.Application.Analysis;
using MedGen.Application.Artifacts;
using MedGen.Application.Augmentation;
using MedGen.Application.Auditing;
using MedGen.Application.Auditing.Requests;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Tests;

public sealed class TenantTests
{
    private static readonly Caller Eve = new() { Name = "eve", Roles = [Role.Operator], Tenant = "other" };
    private static readonly Caller OtherAdmin = new() { Name = "chief", Roles = [Role.Administrator], Tenant = "other" };
    private static readonly Caller Above = new() { Name = "it", Roles = [Role.Administrator, Role.Auditor], Tenant = Tenants.All };

    private static GenerateVideo Small { get; } = new() { Prompt = "a", Width = 32, Height = 16, NumFrames = 5, NumInferenceSteps = 2 };

    [Fact]
    public async Task Things_OfAnotherTenant_DoNotExist()
    {
        await using Platform platform = await Platform.StartAsync();
        Job job = await platform.Send(Small, Platform.Ann);
        await platform.WatchAsync(job.Id);
        string artifact = (await platform.Send(new GetJob { JobId = job.Id }, Platform.Ann)).Results.Single();

        foreach (Caller other in new[] { Eve, OtherAdmin })
        {
            await NotFound(() => platform.Send(new GetJob { JobId = job.Id }, other));
            await NotFound(() => platform.Stream(new WatchJob { JobId = job.Id }, other).ToListAsync(Platform.Token).AsTask());
            await NotFound(() => platform.Send(new CancelJob { JobId = job.Id }, other));
            await NotFound(() => platform.Send(new GetArtifact { ArtifactId = artifact }, other));
            await NotFound(() => platform.Send(new OpenArtifact { ArtifactId = artifact }, other));
            await NotFound(() => platform.Send(new DeleteArtifact { ArtifactId = artifact }, other));
            await NotFound(() => platform.Send(new AnalyzeVideo { Inputs = [new AnalysisInput { ArtifactId = artifact }], Task = "brightness" }, other));
            await NotFound(() => platform.Send(Small with { SourceArtifactId = artifact }, other));
            await NotFound(() => platform.Send(Small with { FirstFrameArtifactId = artifact }, other));
            await NotFound(() => platform.Send(new ShareItem { Item = $"artifact:{artifact}", Subject = "caller:eve" }, other));
            (await platform.Send(new ListJobs(), other)).Jobs.ShouldBeEmpty();
        }

        (await platform.Send(new GetJob { JobId = job.Id }, Above)).Tenant.ShouldBe("default");
        (await platform.Send(new ListJobs(), Above)).Jobs.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Adapters_OfATenant_AreReachedByNobodyElse()
    {
        await using Platform platform = await Platform.StartAsync(options => options.AdapterTenants.Add("other"));
        GenerateVideo theirs = Small with { Wan = new() { Adapter = "theirs" } };

        await NotFound(() => platform.Send(theirs, Platform.Ann));
        await Should.ThrowAsync<InvalidInputException>(() => platform.Send(Small with { Wan = new() { Adapter = "other/theirs" } }, Platform.Ann));
        (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(Prompted("other/theirs"), Platform.Ann)))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("methods[0].options.adapter");
        (await Should.ThrowAsync<InvalidInputException>(() => platform.Send(Prompted("theirs"), Platform.Ann)))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("methods[0].options.adapter");

        Job job = await platform.Send(theirs, Eve);
        Artifact made = (await platform.Stream(new WatchJob { JobId = job.Id }, Eve, Platform.Token).ToListAsync(Platform.Token))
            .Select(one => one.Payload).OfType<ArtifactProduced>().Single().Artifact;
        platform.Catalog.Generator.ShouldBeOfType<FakeGenerator>().Requests[^1].Wan.Adapter.ShouldBe("other/theirs");
        made.Provenance.ShouldNotBeNull().Adapter.ShouldBe("theirs");

        Job several = await platform.Send(Small with { Wan = new() { Adapters = [new() { Name = "theirs", Strength = -2 }, new() { Name = "mine" }] } }, Eve);
        Artifact ofSeveral = (await platform.Stream(new WatchJob { JobId = several.Id }, Eve, Platform.Token).ToListAsync(Platform.Token))
            .Select(one => one.Payload).OfType<ArtifactProduced>().Single().Artifact;
        platform.Catalog.Generator.ShouldBeOfType<FakeGenerator>().Requests[^1].Wan.Adapters.Select(use => use.Name).ShouldBe(["other/theirs", "other/mine"]);
        ofSeveral.Provenance.ShouldNotBeNull().Adapter.ShouldBeNull();
        ofSeveral.Provenance.Adapters.ShouldNotBeNull().Select(adapter => (adapter.Name, adapter.Strength)).ShouldBe([("theirs", -2), ("mine", 1)]);

        static AugmentDataset Prompted(string adapter) => new()
        {
            DatasetArtifactId = "x", Spec = $$"""{ "methods": [{ "type": "prompted", "options": { "adapter": "{{adapter}}" } }] }""",
        };
    }

    [Fact]
    public async Task Things_OfADepartment_AreForAllOfIt_UnlessOwnersOnly()
    {
        await using (Platform department = await Platform.StartAsync())
        {
            Job shared = await department.Send(Small, Platform.Ann);
            (await department.Send(new GetJob { JobId = shared.Id }, Platform.Bob)).Owner.ShouldBe("ann");
        }

        await using Platform platform = await Platform.StartAsync(options => options.OwnersOnly = true);
        Job job = await platform.Send(Small, Platform.Ann);
        await platform.Stream(new WatchJob { JobId = job.Id }, Platform.Ann, Platform.Token).ToListAsync(Platform.Token);
        string artifact = (await platform.Send(new GetJob { JobId = job.Id }, Platform.Ann)).Results.Single();
        await NotFound(() => platform.Send(new GetJob { JobId = job.Id }, Platform.Bob));
        (await platform.Send(new ListJobs(), Platform.Bob)).Jobs.ShouldBeEmpty();
        (await platform.Send(new ListJobs(), Platform.Admin)).Jobs.ShouldHaveSingleItem();

        (await platform.Send(new ShareItem { Item = $"job:{job.Id}", Subject = "caller:bob" }, Platform.Ann)).ShouldBe(["caller:bob"]);
        (await platform.Send(new GetJob { JobId = job.Id }, Platform.Bob)).Owner.ShouldBe("ann");
        (await platform.Send(new ListJobs(), Platform.Bob)).Jobs.ShouldHaveSingleItem();
        (await platform.Send(new GetArtifact { ArtifactId = artifact }, Platform.Bob)).Owner.ShouldBe("ann");
        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(new DeleteArtifact { ArtifactId = artifact }, Platform.Bob));
        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(new ShareItem { Item = $"job:{job.Id}", Subject = "caller:eve" }, Platform.Bob));

        (await platform.Send(new UnshareItem { Item = $"job:{job.Id}", Subject = "caller:bob" }, Platform.Ann)).ShouldBeEmpty();
        await NotFound(() => platform.Send(new GetArtifact { ArtifactId = artifact }, Platform.Bob));
    }

    [Fact]
    public async Task Shares_WithATenant_ReachAcross()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact artifact = await platform.UploadAsync([1, 2, 3]);

        await platform.Send(new ShareItem { Item = $"artifact:{artifact.Id}", Subject = "tenant:other" }, Platform.Ann);

        (await platform.Send(new GetArtifact { ArtifactId = artifact.Id }, Eve)).Owner.ShouldBe("ann");
    }

    [Fact]
    public async Task Storage_OverTheQuota_IsRefusedAndSaysWhen()
    {
        await using Platform platform = await Platform.StartAsync(options =>
        {
            options.MaxStoredBytesPerCaller = 10;
            options.MaxStoredBytesPerTenant = 15;
        });
        await platform.UploadAsync(new byte[8]);

        (await Should.ThrowAsync<ResourceExhaustedException>(() => platform.UploadAsync(new byte[3]))).Reason.ShouldBe("STORAGE_QUOTA");
        await platform.UploadAsync(new byte[2]);
        ResourceExhaustedException full = await Should.ThrowAsync<ResourceExhaustedException>(() => platform.Send(Small, Platform.Ann));
        full.RetryAfter.ShouldNotBeNull();
        IAsyncEnumerable<ReadOnlyMemory<byte>> six = new ReadOnlyMemory<byte>[] { new byte[6] }.ToAsyncEnumerable();
        await Should.ThrowAsync<ResourceExhaustedException>(
            () => platform.Send(new UploadArtifact { FileName = "a", MediaType = "video/mp4", Chunks = six }, Platform.Bob));
        await platform.Send(new UploadArtifact { FileName = "a", MediaType = "video/mp4", Chunks = six }, Eve);
    }

    [Fact]
    public async Task Storage_OfUploadsAtTheSameTime_CountsWhatIsOnItsWay()
    {
        await using Platform platform = await Platform.StartAsync(options => options.MaxStoredBytesPerTenant = 10);
        TaskCompletionSource hasSix = new();
        TaskCompletionSource goOn = new();
        Task<Artifact> slow = platform.Send(
            new UploadArtifact { FileName = "a", MediaType = "video/mp4", Chunks = SixAndWait() }, Platform.Ann);
        await hasSix.Task;

        await Refused(new byte[5], declared: null);
        await Refused(new byte[5], declared: 5);
        goOn.SetResult();
        await slow;
        await Refused(new byte[5], declared: null);
        (await platform.UploadAsync(new byte[4])).Size.ShouldBe(4);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> SixAndWait()
        {
            yield return new byte[6];
            hasSix.SetResult();
            await goOn.Task;
        }

        async Task Refused(byte[] content, long? declared)
        {
            UploadArtifact upload = new()
            {
                FileName = "b", MediaType = "video/mp4", SizeBytes = declared,
                Chunks = new ReadOnlyMemory<byte>[] { content }.ToAsyncEnumerable(),
            };
            (await Should.ThrowAsync<ResourceExhaustedException>(() => platform.Send(upload, Platform.Bob))).Reason.ShouldBe("STORAGE_QUOTA");
        }
    }

    [Fact]
    public async Task Downloads_LeftOpen_CountAsStreamsOfTheirCaller()
    {
        await using Platform platform = await Platform.StartAsync(options => options.MaxStreamsPerCaller = 2);
        Artifact artifact = await platform.UploadAsync([1, 2, 3]);
        OpenArtifact message = new() { ArtifactId = artifact.Id };
        ArtifactContent first = await platform.Send(message, Platform.Reader);
        await using ArtifactContent second = await platform.Send(message, Platform.Reader);

        (await Should.ThrowAsync<ResourceExhaustedException>(() => platform.Send(message, Platform.Reader))).Reason.ShouldBe("STREAMS_FULL");
        await first.DisposeAsync();
        await using ArtifactContent third = await platform.Send(message, Platform.Reader);
    }

    [Fact]
    public async Task Audit_OfATenant_IsForItsAuditorsAndThoseAboveAll()
    {
        await using Platform platform = await Platform.StartAsync();
        await platform.UploadAsync([1, 2, 3]);
        await platform.Send(new ListJobs(), Eve);
        Caller auditor = new() { Name = "aud", Roles = [Role.Auditor], Tenant = "other", Address = "10.0.0.7" };

        AuditRecord record = (await platform.Send(new ListAuditRecords(), auditor)).ShouldHaveSingleItem();
        (record.Entry.Caller, record.Entry.Action, record.Entry.Kind).ShouldBe(("eve", "ListJobs", AuditKind.Read));
        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(new ListAuditRecords { Tenant = "default" }, auditor));
        await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(new ListAuditRecords(), Platform.Admin));
        IReadOnlyList<AuditRecord> all = await platform.Send(new ListAuditRecords { Kind = AuditKind.Administration }, Above);
        all.Select(one => (one.Entry.Caller, one.Entry.Outcome)).ShouldBe([("aud", "ok"), ("aud", "ACCESS_DENIED"), ("root", "ACCESS_DENIED")]);
        all[0].Entry.Address.ShouldBe("10.0.0.7");
        (await platform.Send(new VerifyAudit(), Above)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Audit_OfWhatRepeats_GrowsByTwoEntriesAMinute()
    {
        await using Platform platform = await Platform.StartAsync();
        Artifact artifact = await platform.UploadAsync([1, 2, 3]);
        for (int i = 0; i < 50; i++)
        {
            await platform.Send(new GetArtifact { ArtifactId = artifact.Id }, Platform.Ann);
            await Should.ThrowAsync<AccessDeniedException>(() => platform.Send(new DeleteArtifact { ArtifactId = artifact.Id }, Platform.Reader));
        }

        await platform.StopHostAsync();
        await platform.StartHostAsync();

        (await platform.Audit.ReadAsync(new AuditQuery { AfterSequence = 1 }, Platform.Token))
            .Select(record => (record.Entry.Action, record.Entry.Outcome, record.Entry.Count)).ShouldBe(
            [("GetArtifact", "ok", 1), ("DeleteArtifact", "ACCESS_DENIED", 1), ("GetArtifact", "ok", 49), ("DeleteArtifact", "ACCESS_DENIED", 49)], ignoreOrder: true);
    }

    private static async Task NotFound(Func<Task> call) => await Should.ThrowAsync<ResourceNotFoundException>(call);
}

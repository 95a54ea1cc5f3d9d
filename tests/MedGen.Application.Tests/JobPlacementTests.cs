using System.Text.Json;
using MedGen.Application.Cluster;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Models;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Tests;

/// <summary>What a host of a cluster takes from the queue, and what it refuses when it is asked.</summary>
public sealed class JobPlacementTests
{
    private readonly SettableClock _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly FakePeers _peers = new() { HostId = "here" };
    private readonly FakeAbility _ability = new();
    private readonly JobPlacement _placement;

    public JobPlacementTests()
    {
        MedGenApplicationOptions options = new() { AdapterTenants = { "kin" } };
        _placement = new JobPlacement(_peers, new AdapterNames(Options.Create(options)), _time, _ability);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static HostAbility Warm => FakeAbility.Mini with { WarmAdapters = ["lung"] };

    [Fact]
    public async Task Choice_WhereAnIdleHostHasTheAdapterWarm_LeavesTheJobToItForAShortTimeOnce()
    {
        _peers.Live = [Host("here", FakeAbility.Mini), Host("other", Warm)];
        Func<JobCandidate, bool> takes = await ChoiceAsync();
        JobCandidate job = Candidate(adapter: "lung");

        _placement.NextLook.ShouldBeNull();
        takes(job).ShouldBeFalse();
        takes(Candidate(adapter: null)).ShouldBeTrue();
        _placement.NextLook.ShouldBe(JobPlacement.Courtesy);
        _time.Advance(JobPlacement.Courtesy / 2);
        takes(job).ShouldBeFalse();
        _time.Advance(JobPlacement.Courtesy / 2);
        takes(job).ShouldBeTrue();
        _placement.NextLook.ShouldBeNull();
        _time.Advance(TimeSpan.FromMinutes(1));
        takes(job).ShouldBeTrue();
    }

    [Fact]
    public async Task Choice_WhereTheWarmHostIsBusyDrainsIsAFrontOrIsGone_TakesTheJob()
    {
        JobCandidate job = Candidate(adapter: "lung");
        foreach ((IReadOnlyList<PeerHost>? live, string[] busy) in new (IReadOnlyList<PeerHost>?, string[])[]
        {
            ([Host("other", Warm)], ["other"]),
            ([Host("other", Warm) with { IsDraining = true }], []),
            ([Host("other", Warm) with { RunsJobs = false }], []),
            ([Host("here", Warm)], []),
            (null, []),
        })
        {
            _peers.Live = live;
            (await ChoiceAsync())(job with { BusyHosts = new(() => busy.ToHashSet()) }).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Choice_OfAJobThatThisHostCannotDo_PassesItOverForEver()
    {
        _peers.Live = [Host("here", FakeAbility.Mini)];
        JobCandidate job = Candidate(adapter: "brain");
        (await ChoiceAsync())(job).ShouldBeFalse();
        _time.Advance(TimeSpan.FromHours(1));
        (await ChoiceAsync())(job).ShouldBeFalse();
        _ability.Bytes = 1001;
        (await ChoiceAsync())(Candidate(adapter: null)).ShouldBeFalse();
        _ability.Bytes = 1000;
        (await ChoiceAsync())(Candidate(adapter: null)).ShouldBeTrue();
    }

    [Fact]
    public async Task Choice_OfOtherJobsOrOfWhatCannotBeRead_TakesThem()
    {
        JobCandidate job = Candidate(adapter: "brain");
        (await ChoiceAsync())(job with { Request = "{}" }).ShouldBeTrue();
        (await ChoiceAsync())(job with { Job = job.Job with { Kind = JobKind.Augmentation } }).ShouldBeTrue();
    }

    [Fact]
    public async Task Require_OfWhatAWorkerCan_IsGood()
    {
        _peers.Live = [Host("a", new HostAbility()), Host("b", FakeAbility.Mini)];
        await _placement.RequireAsync(Needs("lung"), "default", Token);
        _peers.Live = [];
        await _placement.RequireAsync(Needs("brain"), "default", Token); // it waits for a worker
        _peers.Live = [Host("a", null)];
        await _placement.RequireAsync(Needs("brain"), "default", Token); // which does not tell, as those of earlier versions
    }

    [Fact]
    public async Task Require_OfWhatNoWorkerCan_SaysWhatThereIsAndNoOtherTenantsAdapters()
    {
        _peers.Live = [Host("a", FakeAbility.Mini with { Adapters = ["lung", "kin/heart"] }), Host("b", new HostAbility()), Host("f", null) with { RunsJobs = false }];

        (await RefusalAsync(Needs("brain"), "default")).ShouldBe(
            "No worker of the cluster can make a clip of 64x64 px and 5 frames with the model 'mini' with the adapter brain, which takes 10 bytes beside "
            + "the weights. There is: 'mini' on cpu with room for 1,000 bytes and the adapter lung; a worker without a model.");
        (await RefusalAsync(Needs("kin/brain"), "kin")).ShouldContain("the adapters lung, heart;");
        _ability.Bytes = 2000;
        (await RefusalAsync(Needs(), "default")).ShouldContain("which takes 2,000 bytes beside the weights. There is: 'mini' on cpu with room for 1,000 bytes");
    }

    [Fact]
    public async Task Refuse_AModelThatThisHostDoesNotHave_SaysWhereItIs()
    {
        _peers.Live = [Host("a", FakeAbility.Mini with { Model = "big" })];

        (await Should.ThrowAsync<FailedPreconditionException>(() => _placement.RefuseModelAsync("big", "default", Token)))
            .Reason.ShouldBe("MODEL_AT_OTHER_FRONT");
        FailedPreconditionException none = await Should.ThrowAsync<FailedPreconditionException>(
            () => _placement.RefuseModelAsync("huge", "default", Token));
        (none.Reason, none.Message).ShouldBe(
            ("NO_WORKER_CAN", "No worker of the cluster has the model 'huge'. There is: 'big' on cpu with room for 1,000 bytes and the adapter lung."));
    }

    private async Task<Func<JobCandidate, bool>> ChoiceAsync() => (await _placement.ChoiceAsync(Token)).ShouldNotBeNull();

    private async Task<string> RefusalAsync(JobNeeds needs, string tenant)
    {
        FailedPreconditionException refusal =
            await Should.ThrowAsync<FailedPreconditionException>(() => _placement.RequireAsync(needs, tenant, Token));
        refusal.Reason.ShouldBe("NO_WORKER_CAN");
        return refusal.Message;
    }

    private static PeerHost Host(string id, HostAbility? ability) => new() { Id = id, Name = id, RunsJobs = true, Ability = ability };

    private static VideoGenerationRequest Clip(string? adapter) => new()
    {
        Prompt = "a", Width = 64, Height = 64, NumFrames = 5, FramesPerSecond = 8, NumInferenceSteps = 1, GuidanceScale = 1, Seed = 1,
        Wan = new WanOptions { Adapter = adapter },
    };

    private static JobNeeds Needs(params string[] adapters) =>
        new() { Model = "mini", ModelHash = "a", Adapters = adapters, Clip = Clip(null) };

    private static JobCandidate Candidate(string? adapter) => new()
    {
        Job = new Job
        {
            Id = Guid.NewGuid().ToString("N"), Kind = JobKind.Generation, Owner = "ann", State = JobState.Queued, CreatedAt = DateTimeOffset.UnixEpoch,
        },
        Request = JsonSerializer.Serialize(
            new ResolvedGeneration { Request = Clip(adapter), ResolvedWith = "mini", ResolvedHash = "a" }, JobJson.Options),
        BusyHosts = new(new HashSet<string>()),
    };

    private sealed class FakeAbility : IHostAbility
    {
        public static HostAbility Mini { get; } = new()
        {
            Model = "mini", ModelHash = "a", Device = "cpu", DataType = "float32", Adapters = ["lung"], RoomBytes = 1000, FreeBytes = 1000,
        };

        public long Bytes { get; set; } = 10;

        public HostAbility Read() => Mini;

        public long? BytesFor(VideoGenerationRequest request, long room) => Bytes;
    }
}

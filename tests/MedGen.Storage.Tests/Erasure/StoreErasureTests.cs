using MedGen.Storage.Tests.Databases;
using MedGen.Application.Artifacts;
using MedGen.Application.Erasure;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using MedGen.Storage.Maintenance;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests.Erasure;

public abstract class StoreErasureTests : IDisposable
{
    private static readonly NewArtifact Clip = new() { FileName = "clip.mp4", MediaType = "video/mp4", Owner = "ann" };

    private readonly TestDatabase _database;
    private readonly StorageFixture _storage;

    private protected StoreErasureTests(TestDatabase database)
    {
        _database = database;
        _storage = new StorageFixture(database: database);
    }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected StorageFixture Storage => _storage;

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task EraseAsync_OfAPatient_TakesAllThatWasMadeOfTheirClips()
    {
        Artifact source = await _storage.AddAsync([1], Clip with { Patient = "p-1" });
        Artifact other = await _storage.AddAsync([2], Clip with { Patient = "p-2" });
        Job first = await RunningJobAsync(source.Id);
        Artifact derived = await _storage.AddAsync([3], Clip with { JobId = first.Id, HoldsSynthetic = true });
        await EndAsync(first);
        Job second = await RunningJobAsync(derived.Id, other.Id);
        Artifact again = await _storage.AddAsync([4], Clip with { JobId = second.Id, Owner = "bob", HoldsSynthetic = true });
        await EndAsync(second);
        Job bystander = await EndedJobAsync(other.Id);
        string copy = Path.Combine(_storage.Folder, new Quarantine(new DataPaths(_storage.Folder), _storage.Time).Add(_storage.ContentOf(source)));
        (derived.Patient, again.Patient).ShouldBe(("p-1", null));

        ErasureReceipt planned = await EraseAsync(new ErasureTarget { Patient = "p-1" }, dryRun: true);
        (await _storage.Artifacts.FindAsync(source.Id, Token)).ShouldNotBeNull();
        ErasureReceipt receipt = await EraseAsync(new ErasureTarget { Patient = "p-1" });

        receipt.Artifacts.ShouldBe(planned.Artifacts);
        receipt.Artifacts.Select(erased => (erased.ArtifactId, erased.Sha256, erased.ContentStays)).ShouldBe(
            [(source.Id, source.Sha256, false), (derived.Id, derived.Sha256, false), (again.Id, again.Sha256, false)], ignoreOrder: true);
        receipt.Jobs.ShouldBe([first.Id, second.Id], ignoreOrder: true);
        receipt.Kept.ShouldBeEmpty();
        foreach (Artifact erased in new[] { source, derived, again })
        {
            (await _storage.Artifacts.FindAsync(erased.Id, Token)).ShouldBeNull();
            File.Exists(_storage.ContentOf(erased)).ShouldBeFalse();
        }

        File.Exists(copy).ShouldBeFalse();
        (await _storage.Artifacts.FindAsync(other.Id, Token)).ShouldBe(other);
        (await _storage.Jobs.ListAsync(new JobQuery(), Token)).Jobs.ShouldHaveSingleItem().Id.ShouldBe(bystander.Id);
        _database.Check(_storage.Folder);
    }

    [Fact]
    public async Task EraseAsync_OfAnOwnerWhoseJobWroteToAFolder_NamesWhatItDidNotReach()
    {
        Job job = await _storage.Jobs.CreateAsync(
            NewJob() with { Request = """{"dataFolder":"/data/in","outputFolder":"/data/out"}""" }, Token);
        await _storage.Jobs.RequestCancelAsync(job.Id, Token);

        ErasureReceipt receipt = await EraseAsync(new ErasureTarget { Owner = "ann" });

        receipt.Jobs.ShouldBe([job.Id]);
        receipt.Emptied.ShouldBe(["embeddings"]);
        receipt.NotReached.Select(thing => (thing.Thing, thing.Reason)).ShouldBe(
            [("folder:/data/out", "OUTPUT_FOLDER"), .. _database.NotReached, ("backups", "EXPIRE_THEM"), ("trained", "ERASE_BY_HAND"), ("audit", "IDS_ONLY")]);
    }

    [Fact]
    public async Task EraseAsync_OfEmbeddingsThatCannotBeDeleted_SaysSo()
    {
        using StorageFixture storage = new(services: services => services.AddSingleton<IPromptCaches>(new StuckCaches()));

        ErasureReceipt receipt = await storage.Services.GetRequiredService<IErasure>().EraseAsync(new() { Owner = "ann" }, "root", dryRun: false, Token);

        receipt.Emptied.ShouldBeEmpty();
        receipt.NotReached.ShouldContain(thing => thing.Thing == "embeddings" && thing.Reason == "CANNOT_BE_DELETED");
    }

    [Fact]
    public async Task EraseAsync_OfAnOwner_KeepsWhatIsOnHoldOrInUseAndSaysSo()
    {
        Artifact held = await _storage.AddAsync([1], Clip);
        await _storage.Artifacts.SetHoldAsync(held.Id, new LegalHold { By = "root", At = _storage.Time.GetUtcNow(), Reason = "case 7" }, Token);
        Job ofHeld = await EndedJobAsync(held.Id);
        Artifact used = await _storage.AddAsync([2], Clip);
        Job open = await _storage.Jobs.CreateAsync(NewJob(used.Id), Token);
        Artifact free = await _storage.AddAsync([3], Clip);
        Artifact twin = await _storage.AddAsync([3], Clip with { Owner = "bob" });

        ErasureReceipt receipt = await EraseAsync(new ErasureTarget { Owner = "ann" });

        receipt.Artifacts.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            erased => erased.ArtifactId.ShouldBe(free.Id), erased => erased.ContentStays.ShouldBeTrue());
        receipt.Jobs.ShouldBeEmpty();
        receipt.Kept.Select(kept => (kept.Thing, kept.Reason)).ShouldBe(
        [
            ($"artifact:{held.Id}", "ARTIFACT_ON_HOLD"), ($"artifact:{used.Id}", "ARTIFACT_IN_USE"),
            ($"job:{ofHeld.Id}", "JOB_OF_KEPT_ARTIFACT"), ($"job:{open.Id}", "JOB_OPEN"),
        ], ignoreOrder: true);
        File.ReadAllBytes(await _storage.Artifacts.GetVerifiedPathAsync(twin, Token)).ShouldBe([3]);
    }

    [Fact]
    public async Task EraseAsync_UnknownArtifact_IsNotFound() =>
        await Should.ThrowAsync<ResourceNotFoundException>(() => EraseAsync(new ErasureTarget { ArtifactId = "none" }));

    [Fact]
    public async Task DeleteAsync_OnHold_IsRefusedUntilItIsLifted()
    {
        Artifact artifact = await _storage.AddAsync([1]);
        await _storage.Artifacts.SetHoldAsync(artifact.Id, new LegalHold { By = "root", At = _storage.Time.GetUtcNow(), Reason = "case 7" }, Token);

        FailedPreconditionException error = await Should.ThrowAsync<FailedPreconditionException>(
            () => _storage.Artifacts.DeleteAsync(artifact.Id, Token));
        (await _storage.Artifacts.DeleteOldAsync(ArtifactKind.Upload, _storage.Time.GetUtcNow().AddDays(1), 10, Token)).ShouldBeEmpty();

        error.Reason.ShouldBe("ARTIFACT_ON_HOLD");
        (await _storage.Artifacts.SetHoldAsync(artifact.Id, null, Token)).Hold.ShouldBeNull();
        await _storage.Artifacts.DeleteAsync(artifact.Id, Token);
    }

    [Fact]
    public async Task DeleteOldAsync_OfAKind_TakesTheOldestFirstAndNoOthers()
    {
        Artifact first = await _storage.AddAsync([1]);
        _storage.Time.Advance(TimeSpan.FromSeconds(1.5));
        Artifact second = await _storage.AddAsync([2]);
        Artifact dataset = await _storage.AddAsync([3], Clip with { HoldsSynthetic = true });
        _storage.Time.Advance(TimeSpan.FromSeconds(1));
        Artifact young = await _storage.AddAsync([4]);

        (await _storage.Artifacts.DeleteOldAsync(ArtifactKind.Upload, young.CreatedAt, 1, Token)).ShouldBe([first.Id]);
        (await _storage.Artifacts.DeleteOldAsync(ArtifactKind.Upload, young.CreatedAt, 9, Token)).ShouldBe([second.Id]);
        (await _storage.Artifacts.DeleteOldAsync(ArtifactKind.AugmentedDataset, young.CreatedAt, 9, Token)).ShouldBe([dataset.Id]);
    }

    [Fact]
    public async Task ListAsync_FiltersAndPages_GiveEachOnceNewestFirst()
    {
        List<Artifact> all = [];
        for (int i = 0; i < 5; i++)
        {
            all.Insert(0, await _storage.AddAsync([(byte)i], Clip with { Owner = i % 2 == 0 ? "ann" : "bob", Patient = i == 3 ? "p-1" : null }));
            _storage.Time.Advance(TimeSpan.FromSeconds(0.5));
        }

        Job job = await RunningJobAsync();
        Artifact dataset = await _storage.AddAsync([9], Clip with { JobId = job.Id, HoldsSynthetic = true });

        (await ListAsync(new ArtifactQuery { PageSize = 2 })).ShouldBe([dataset.Id, .. all.Select(one => one.Id)]);
        (await ListAsync(new ArtifactQuery { Owner = "bob" })).ShouldBe([all[1].Id, all[3].Id]);
        (await ListAsync(new ArtifactQuery { Patient = "p-1" })).ShouldBe([all[1].Id]);
        (await ListAsync(new ArtifactQuery { JobId = job.Id })).ShouldBe([dataset.Id]);
        (await ListAsync(new ArtifactQuery { Kind = ArtifactKind.AugmentedDataset })).ShouldBe([dataset.Id]);
        (await ListAsync(new ArtifactQuery { Synthetic = true })).ShouldBe([dataset.Id]);
        (await ListAsync(new ArtifactQuery { Synthetic = false })).Count.ShouldBe(5);
        (await ListAsync(new ArtifactQuery { CreatedFrom = all[2].CreatedAt.ToOffset(TimeSpan.FromHours(5)), CreatedBefore = all[0].CreatedAt }))
            .ShouldBe([all[1].Id, all[2].Id]);
        await Should.ThrowAsync<InvalidInputException>(() => _storage.Artifacts.ListAsync(new ArtifactQuery { PageToken = "x" }, Token));
    }

    private sealed class StuckCaches : IPromptCaches
    {
        public Task<bool> ForgetAsync(CancellationToken cancellationToken) => Task.FromResult(false);
    }

    private protected static NewJob NewJob(params string[] inputs) =>
        new() { Kind = JobKind.Augmentation, Owner = "ann", Request = "{}", Inputs = inputs };

    private async Task<Job> RunningJobAsync(params string[] inputs)
    {
        await _storage.Jobs.CreateAsync(NewJob(inputs) with { Owner = "bob" }, Token);
        return (await _storage.Jobs.ClaimNextAsync(64, 64, Token))!.Job;
    }

    private async Task EndAsync(Job job) =>
        await _storage.Jobs.AppendAsync(job.Id, new JobStateChanged { State = JobState.Cancelled }, Token);

    private async Task<Job> EndedJobAsync(params string[] inputs)
    {
        Job job = await _storage.Jobs.CreateAsync(NewJob(inputs) with { Owner = "bob" }, Token);
        return await _storage.Jobs.RequestCancelAsync(job.Id, Token);
    }

    private protected Task<ErasureReceipt> EraseAsync(ErasureTarget target, bool dryRun = false) =>
        _storage.Services.GetRequiredService<IErasure>().EraseAsync(target, "root", dryRun, Token);

    private async Task<List<string>> ListAsync(ArtifactQuery query)
    {
        List<string> ids = [];
        ArtifactPage page;
        do
        {
            page = await _storage.Artifacts.ListAsync(query, Token);
            ids.AddRange(page.Artifacts.Select(artifact => artifact.Id));
            query = query with { PageToken = page.NextPageToken };
        }
        while (page.NextPageToken is not null);

        return ids;
    }
}

using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Dicom;
using MedGen.Dicom.Writing;
using MedGen.Sdk.Errors;
using MedGen.Storage.Tests.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests;

public abstract class DicomStoreTests : IDisposable
{
    private static readonly Caller Ann = new() { Name = "ann", Roles = [Role.Researcher], Tenant = "a" };
    private readonly StorageFixture _storage;

    private protected DicomStoreTests(TestDatabase database) => _storage = new StorageFixture(database: database);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDicomStore Store => _storage.Services.GetRequiredService<IDicomStore>();

    private DateTimeOffset Now => _storage.Time.GetUtcNow();

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task FindUnnotedAsync_HoldsWhatSaysItIsDicomUntilItIsNoted()
    {
        Artifact scan = await AddAsync("ann", "a");
        await AddAsync("ann", "a", mediaType: "video/mp4");

        (await Store.FindUnnotedAsync(10, Token)).Select(artifact => artifact.Id).ShouldBe([scan.Id]);
        await Store.AddInstanceAsync(DicomInstance.Of(scan, header: null), arrival: null, Token);
        (await Store.FindUnnotedAsync(10, Token)).ShouldBeEmpty();
        (await Store.FindInstancesAsync(new DicomFilter(), Token)).ShouldBeEmpty(); // it could not be read as DICOM
    }

    [Fact]
    public async Task FindInstancesAsync_OfAView_HoldsWhatItsCallerMaySee()
    {
        DicomInstance own = await NoteAsync("ann", "a", "1.1");
        await NoteAsync("bob", "a", "1.2");
        DicomInstance other = await NoteAsync("eve", "b", "1.3");
        DicomFilter seen = new() { View = new ItemView { Tenant = "a", Owner = "ann", Caller = Ann } };

        (await Listed(seen)).ShouldBe(["1.1"]);
        await _storage.Services.GetRequiredService<IShareStore>().AddAsync([$"artifact:{other.ArtifactId}"], "caller:ann", Token);
        (await Listed(seen)).ShouldBe(["1.1", "1.3"], ignoreOrder: true); // made in the same millisecond
        (await Listed(seen with { Instance = "1.3" })).ShouldBe(["1.3"]);
        (await Listed(seen with { Instance = "1.2" })).ShouldBeEmpty();
        (await Store.FindInstanceAsync(new DicomFilter { ArtifactId = own.ArtifactId }, Token))!.Identity.ShouldBe(own.Identity);

        async Task<IEnumerable<string>> Listed(DicomFilter filter) =>
            (await Store.FindInstancesAsync(filter, Token)).Select(instance => instance.Identity!.SopInstance);
    }

    [Fact]
    public async Task SaveStudyAsync_OfOneThatHasChangedSince_WritesNothing()
    {
        await NoteAsync("ann", "a", "1.1", isArrival: true);
        DicomStudy read = (await Store.FindDueStudyAsync(Now, Token))!;
        DicomInstance later = await NoteAsync("ann", "a", "1.2", isArrival: true);

        (await Store.SaveStudyAsync(read with { State = DicomStudyState.Done, DueAt = null }, [DeliveryOf(later)], Token)).ShouldBeFalse();
        (await Store.ListDeliveriesAsync("ann", "a", "1", Token)).ShouldBeEmpty();
        DicomStudy now = (await Store.FindDueStudyAsync(Now, Token))!;
        (await Store.SaveStudyAsync(now with { State = DicomStudyState.Sending, DueAt = null }, [DeliveryOf(later)], Token)).ShouldBeTrue();
        (await Store.FindDueStudyAsync(Now.AddDays(1), Token)).ShouldBeNull();
        (await Store.ListDeliveriesAsync("ann", "a", "1", Token)).ShouldHaveSingleItem().Instance.ShouldBe("1.2");
        _storage.ReopenDatabase();
        (await Store.ListStudiesAsync(new ItemView { Tenant = "a", Owner = "ann", Caller = Ann }, "1", 10, Token))
            .ShouldHaveSingleItem().State.ShouldBe(DicomStudyState.Sending);
    }

    [Fact]
    public async Task SaveDeliveryAsync_OfTheLastOne_MakesItsStudyDueAndARefusedOneMayBeAskedForAgain()
    {
        DicomInstance instance = await NoteAsync("ann", "a", "1.1", isArrival: true);
        DicomStudy study = (await Store.FindDueStudyAsync(Now, Token))!;
        DicomDelivery delivery = DeliveryOf(instance);
        (await Store.SaveStudyAsync(study with { State = DicomStudyState.Sending, DueAt = null }, [delivery], Token)).ShouldBeTrue();

        (await Store.FindDueDeliveryAsync(Now, ["pacs"], Token)).ShouldBeNull();
        (await Store.FindDueDeliveryAsync(Now.AddSeconds(-1), [], Token)).ShouldBeNull();
        (await Store.FindDueDeliveryAsync(Now, [], Token))!.Id.ShouldBe(delivery.Id);
        await Store.AddDeliveriesAsync([delivery with { Id = "again" }], Token);
        (await Store.FindDueDeliveryAsync(Now, [], Token))!.Id.ShouldBe(delivery.Id); // it waits already
        await Store.SaveDeliveryAsync(delivery with { State = DicomDeliveryState.Refused, DueAt = null }, Now, Token);
        (await Store.FindDueStudyAsync(Now, Token))!.State.ShouldBe(DicomStudyState.Sending);
        await Store.AddDeliveriesAsync([delivery with { Id = "again" }], Token);
        (await Store.FindDueDeliveryAsync(Now, [], Token))!.Id.ShouldBe("again");

        (await Should.ThrowAsync<FailedPreconditionException>(() => _storage.Artifacts.DeleteAsync(instance.ArtifactId, Token)))
            .Message.ShouldContain("waits for the archive 'pacs'");
        await Store.SaveDeliveryAsync(delivery with { Id = "again", State = DicomDeliveryState.Sent, DueAt = null }, Now, Token);
        await _storage.Artifacts.DeleteAsync(instance.ArtifactId, Token);
        (await Store.FindDueDeliveryAsync(Now, [], Token)).ShouldBeNull();
        (await Store.FindDueStudyAsync(Now, Token)).ShouldBeNull(); // forgotten with its last instance
    }

    private Task<Artifact> AddAsync(string owner, string tenant, string mediaType = "application/dicom") => _storage.Artifacts.AddAsync(
        new NewArtifact { FileName = "a \"mediaType\":\"application/dicom\"", MediaType = mediaType, Owner = owner, Tenant = tenant },
        new ReadOnlyMemory<byte>[] { new byte[5] }.ToAsyncEnumerable(), Token);

    private async Task<DicomInstance> NoteAsync(string owner, string tenant, string uid, bool isArrival = false)
    {
        DicomInstance instance =
            DicomInstance.Of(await AddAsync(owner, tenant), header: null) with { Identity = new SourceObject("1", "1.0", "1.2.840", uid) };
        DicomStudy arrival = new()
        {
            Id = "s", Study = "1", Owner = owner, Tenant = tenant, Roles = [Role.Researcher], FirstReceivedAt = Now, LastReceivedAt = Now, DueAt = Now,
        };
        await Store.AddInstanceAsync(instance, isArrival ? arrival : null, Token);
        return instance;
    }

    private DicomDelivery DeliveryOf(DicomInstance instance) => new()
    {
        Id = "d", Owner = instance.Owner, Tenant = instance.Tenant, Archive = "pacs", ArtifactId = instance.ArtifactId, Study = "1",
        Instance = instance.Identity!.SopInstance, CreatedAt = Now, DueAt = Now,
    };
}

using MedGen.Storage.Tests.Databases;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Augmentation;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests;

public abstract class OwnershipTests : IDisposable
{
    private static readonly Caller Ann = new() { Name = "ann", Roles = [Role.Researcher], Tenant = "a" };
    private static readonly Caller Bob = new() { Name = "bob", Roles = [Role.Researcher], Tenant = "a" };
    private static readonly Caller Boss = new() { Name = "boss", Roles = [Role.Administrator], Tenant = "a" };

    private readonly TestDatabase _database;
    private readonly StorageFixture _storage;

    private protected OwnershipTests(TestDatabase database)
    {
        _database = database;
        _storage = new StorageFixture(database: database);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IFolderOwners Folders => _storage.Services.GetRequiredService<IFolderOwners>();

    private IShareStore Shares => _storage.Services.GetRequiredService<IShareStore>();

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("/d/out")]
    [InlineData("/d")]
    [InlineData("/d/out/train")]
    public async Task TakeAsync_FolderOfSomebodyElse_IsRefusedAboveAndBelow(string path)
    {
        await Folders.TakeAsync("/d/out", Ann, true, Token);
        await Folders.TakeAsync("/d/out", Ann, true, Token);
        await Folders.TakeAsync("/d/output", Bob, true, Token);
        await Folders.TakeAsync("/e", Bob, false, Token);
        await Folders.TakeAsync("/e", Ann, true, Token);

        await Should.ThrowAsync<AccessDeniedException>(() => Folders.TakeAsync(path, Bob with { Tenant = "b" }, true, Token));
        if (path != "/d")
        {
            await Should.ThrowAsync<AccessDeniedException>(() => Folders.TakeAsync(path, Bob, true, Token));
            await Folders.TakeAsync(path, Boss, true, Token);
        }

        await Should.ThrowAsync<AccessDeniedException>(() => Folders.TakeAsync(path, Boss with { Tenant = "b" }, true, Token));
    }

    [Fact]
    public async Task Shares_OfAnItem_AreForThoseNamedAndGoWithIt()
    {
        Artifact artifact = await _storage.Artifacts.AddAsync(
            new NewArtifact { FileName = "a", MediaType = "video/mp4", Owner = "ann", Tenant = "a" }, new ReadOnlyMemory<byte>[] { new byte[5] }.ToAsyncEnumerable(), Token);
        string item = $"artifact:{artifact.Id}";
        await Shares.AddAsync([item], "caller:bob", Token);
        await Shares.AddAsync([item], "tenant:b", Token);
        await Shares.AddAsync([item], "tenant:b", Token);

        (await Shares.ListAsync(item, Token)).ShouldBe(["caller:bob", "tenant:b"]);
        (await Shares.IsSharedAsync(item, Bob, Token)).ShouldBeTrue();
        (await Shares.IsSharedAsync(item, Boss, Token)).ShouldBeFalse();
        (await Shares.IsSharedAsync(item, Boss with { Tenant = "b" }, Token)).ShouldBeTrue();
        await Shares.RemoveAsync([item], "tenant:b", Token);
        (await Shares.ListAsync(item, Token)).ShouldBe(["caller:bob"]);
        await _storage.Artifacts.DeleteAsync(artifact.Id, Token);
        (await Shares.ListAsync(item, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ListAsync_OfAView_HoldsWhatItsCallerMaySee()
    {
        Job first = await AddJobAsync("ann", "a");
        Job second = await AddJobAsync("bob", "a");
        Job third = await AddJobAsync("eve", "b");

        (await Listed("a", "ann")).ShouldBe([first.Id]);
        (await Listed("a", null)).ShouldBe([second.Id, first.Id]);
        (await Listed(null, null)).ShouldBe([third.Id, second.Id, first.Id]);
        await Shares.AddAsync([$"job:{third.Id}"], "caller:ann", Token);
        (await Listed("a", "ann")).ShouldBe([third.Id, first.Id]);

        async Task<IEnumerable<string>> Listed(string? tenant, string? owner) =>
            (await _storage.Jobs.ListAsync(new JobQuery { View = new ItemView { Tenant = tenant, Owner = owner, Caller = Ann } }, Token))
            .Jobs.Select(job => job.Id);
    }

    [Fact]
    public async Task ClaimNextAsync_TenantWithAsManyAsAllowed_IsPassedOver()
    {
        await AddJobAsync("ann", "a");
        await AddJobAsync("bob", "a");
        Job other = await AddJobAsync("eve", "b");

        (await _storage.Jobs.ClaimNextAsync(64, 1, Token))!.Job.Tenant.ShouldBe("a");
        (await _storage.Jobs.ClaimNextAsync(64, 1, Token))!.Job.Id.ShouldBe(other.Id);
        (await _storage.Jobs.ClaimNextAsync(64, 1, Token)).ShouldBeNull();
        (await _storage.Jobs.GetLoadAsync("ann", "a", Token)).QueuedByTenant.ShouldBe(1);
    }

    [Fact]
    public async Task GetStoredBytesAsync_OfCallersAndTenants_AreSums()
    {
        foreach ((string owner, string tenant, int size) in new[] { ("ann", "a", 3), ("ann", "a", 4), ("bob", "a", 5), ("eve", "b", 6) })
        {
            await _storage.Artifacts.AddAsync(
                new NewArtifact { FileName = "f", MediaType = "video/mp4", Owner = owner, Tenant = tenant },
                new ReadOnlyMemory<byte>[] { new byte[size] }.ToAsyncEnumerable(), Token);
        }

        (await _storage.Artifacts.GetStoredBytesAsync("ann", "a", Token)).ShouldBe(new StoredBytes { OfOwner = 7, OfTenant = 12 });
        (await _storage.Artifacts.GetStoredBytesAsync("nobody", "c", Token)).ShouldBe(new StoredBytes { OfOwner = 0, OfTenant = 0 });
    }

    private Task<Job> AddJobAsync(string owner, string tenant) =>
        _storage.Jobs.CreateAsync(new NewJob { Kind = JobKind.Generation, Owner = owner, Tenant = tenant, Request = "{}" }, Token);
}

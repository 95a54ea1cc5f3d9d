using System.Security.Cryptography;
using MedGen.Application.Cluster;

namespace MedGen.Storage.Tests.Clusters;

/// <summary>What every place of shared contents has to do.</summary>
public abstract class SharedContentsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-contents-");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    internal abstract ISharedContents Contents { get; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(300_000)]
    [InlineData(5 << 20)]
    [InlineData((11 << 20) + 7)]
    public async Task Get_OfWhatWasPut_IsTheSame(int size)
    {
        string id = NewId();
        string file = NewFile(size);

        await Contents.PutAsync(id, file, Token);

        (await GetAsync(id)).ShouldBe(await File.ReadAllBytesAsync(file, Token));
    }

    [Fact]
    public async Task Put_Again_Replaces()
    {
        string id = NewId();
        string second = NewFile(200);
        await Contents.PutAsync(id, NewFile(300_000), Token);
        await Contents.PutAsync(id, second, Token);

        (await GetAsync(id)).ShouldBe(await File.ReadAllBytesAsync(second, Token));
    }

    [Fact]
    public async Task Get_OfWhatIsNotThereOrWasDeleted_FindsNothing()
    {
        string id = NewId();
        (await GetAsync(id)).ShouldBeNull();
        await Contents.DeleteAsync(id, Token);
        await Contents.PutAsync(id, NewFile(100), Token);
        await Contents.DeleteAsync(id, Token);
        (await GetAsync(id)).ShouldBeNull();
    }

    [Fact]
    public async Task Contents_OfTwoArtifacts_AreApart()
    {
        (string a, string b) = (NewId(), NewId());
        string file = NewFile(100);
        await Contents.PutAsync(a, file, Token);
        await Contents.PutAsync(b, file, Token);
        await Contents.DeleteAsync(a, Token);
        (await GetAsync(b)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Put_ThatIsGivenUp_EndsSo()
    {
        using CancellationTokenSource given = new();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Contents.PutAsync(NewId(), NewFile(100), given.Token));
    }

    private protected static string NewId() => Guid.NewGuid().ToString("N");

    private protected string NewFile(int size)
    {
        string file = Path.Combine(_folder.FullName, NewId());
        File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(size));
        return file;
    }

    private protected async Task<byte[]?> GetAsync(string id)
    {
        string file = Path.Combine(_folder.FullName, NewId());
        return await Contents.TryGetAsync(id, file, Token) ? await File.ReadAllBytesAsync(file, Token) : null;
    }
}

using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using MedGen.Application.Artifacts;

namespace MedGen.Storage.Tests;

public sealed class ContentIntegrityTests : IDisposable
{
    private const int Size = 300_000;

    private readonly StorageFixture _storage = new();
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(Size);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _storage.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(Size - 16)]
    public async Task Read_DamagedContent_NeverGivesAllOfIt(int place)
    {
        Artifact artifact = await AddAsync();
        await DamageAsync(artifact, place);
        await using ArtifactContent opened = await _storage.Artifacts.OpenAsync(artifact.Id, Token);
        using MemoryStream copy = new();

        DataLossException error = await Should.ThrowAsync<DataLossException>(() => opened.Content.CopyToAsync(copy, Token));

        error.Reason.ShouldBe("ARTIFACT_DAMAGED");
        error.Message.ShouldContain(artifact.Id);
        error.Metadata["artifact_id"].ShouldBe(artifact.Id);
        copy.Length.ShouldBeLessThan(Size);
    }

    [Fact]
    public async Task Read_PartOfDamagedContent_GivesNothing()
    {
        Artifact artifact = await AddAsync();
        await DamageAsync(artifact, 0);
        await using ArtifactContent opened = await _storage.Artifacts.OpenAsync(artifact.Id, Token);
        opened.Content.Seek(Size - 100, SeekOrigin.Begin);

        await Should.ThrowAsync<DataLossException>(async () => await opened.Content.ReadExactlyAsync(new byte[10], Token));
    }

    [Fact]
    public async Task Read_PartsInAnyOrder_AreThoseOfTheContent()
    {
        Artifact artifact = await AddAsync();
        await using ArtifactContent opened = await _storage.Artifacts.OpenAsync(artifact.Id, Token);
        foreach (int place in new[] { 0, 1000, 299_000, 5, 0 })
        {
            byte[] part = new byte[1000];
            opened.Content.Position = place;
            await opened.Content.ReadExactlyAsync(part, Token);
            part.ShouldBe(_content[place..(place + 1000)]);
        }
    }

    [Fact]
    public async Task Read_PartAfterAWriteToTheFile_IsComparedAgain()
    {
        Artifact artifact = await AddAsync();
        await ReadPartAsync(artifact);
        await DamageAsync(artifact, 0);

        await Should.ThrowAsync<DataLossException>(() => ReadPartAsync(artifact));
    }

    [Theory]
    [InlineData(Size - 1)]
    [InlineData(Size + 1)]
    public async Task Open_ContentOfAnotherSize_IsDataLoss(int size)
    {
        Artifact artifact = await AddAsync();
        using (FileStream file = new(PathOf(artifact), FileMode.Open, FileAccess.Write))
        {
            file.SetLength(size);
        }

        (await Should.ThrowAsync<DataLossException>(() => _storage.Artifacts.OpenAsync(artifact.Id, Token))).Reason.ShouldBe("ARTIFACT_DAMAGED");
    }

    [Fact]
    public async Task Open_ContentMissing_IsDataLossUntilTheArtifactIsDeleted()
    {
        Artifact artifact = await AddAsync();
        Directory.Delete(Path.GetDirectoryName(PathOf(artifact))!, recursive: true);

        (await Should.ThrowAsync<DataLossException>(() => _storage.Artifacts.OpenAsync(artifact.Id, Token))).Reason.ShouldBe("ARTIFACT_MISSING");
        (await Should.ThrowAsync<DataLossException>(() => _storage.Artifacts.GetVerifiedPathAsync(artifact, Token))).Message.ShouldContain(artifact.Id);

        await _storage.Artifacts.DeleteAsync(artifact.Id, Token);
        await Should.ThrowAsync<ResourceNotFoundException>(() => _storage.Artifacts.OpenAsync(artifact.Id, Token));
        await Should.ThrowAsync<ResourceNotFoundException>(() => _storage.Artifacts.GetVerifiedPathAsync(artifact, Token));
    }

    [Fact]
    public async Task GetVerifiedPath_DamageThatLeavesTimesAsTheyWere_IsDataLoss()
    {
        Artifact artifact = await AddAsync();
        string path = await _storage.Artifacts.GetVerifiedPathAsync(artifact, Token);
        DateTime written = File.GetLastWriteTimeUtc(path);
        await DamageAsync(artifact, 17);
        File.SetLastWriteTimeUtc(path, written);

        (await Should.ThrowAsync<DataLossException>(() => _storage.Artifacts.GetVerifiedPathAsync(artifact, Token))).Reason.ShouldBe("ARTIFACT_DAMAGED");
    }

    [Fact]
    public async Task GetPathForParts_OfContentThatWasReadWhole_ComparesAgainOnlyAfterAWrite()
    {
        Artifact artifact = await AddAsync();
        string path = await _storage.Artifacts.GetPathForPartsAsync(artifact, Token);
        DateTime written = File.GetLastWriteTimeUtc(path);
        await DamageAsync(artifact, 17);
        File.SetLastWriteTimeUtc(path, written);
        (await _storage.Artifacts.GetPathForPartsAsync(artifact, Token)).ShouldBe(path); // not read whole again

        File.SetLastWriteTimeUtc(path, written.AddSeconds(1));
        (await Should.ThrowAsync<DataLossException>(() => _storage.Artifacts.GetPathForPartsAsync(artifact, Token))).Reason.ShouldBe("ARTIFACT_DAMAGED");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Add_ContentThatWasDamaged_MendsItForAllItsArtifacts(bool isMissing)
    {
        Artifact first = await AddAsync();
        if (isMissing)
        {
            File.Delete(PathOf(first));
        }
        else
        {
            await DamageAsync(first, 0);
        }

        Artifact second = await AddAsync();

        foreach (Artifact artifact in new[] { first, second })
        {
            File.ReadAllBytes(await _storage.Artifacts.GetVerifiedPathAsync(artifact, Token)).ShouldBe(_content);
        }

        _storage.ArtifactFiles.ShouldHaveSingleItem();
        _storage.WorkFiles.ShouldBeEmpty();
    }

    private Task<Artifact> AddAsync() =>
        _storage.Artifacts.AddAsync(new NewArtifact { FileName = "clip.mp4", MediaType = "video/mp4", Owner = "ann" }, Chunks(), Token);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks()
    {
        yield return _content;
        await Task.CompletedTask;
    }

    private async Task ReadPartAsync(Artifact artifact)
    {
        await using ArtifactContent opened = await _storage.Artifacts.OpenAsync(artifact.Id, Token);
        opened.Content.Position = 1000;
        await opened.Content.ReadExactlyAsync(new byte[10], Token);
    }

    private async Task DamageAsync(Artifact artifact, int place)
    {
        await using FileStream file = new(PathOf(artifact), FileMode.Open, FileAccess.ReadWrite);
        byte[] bytes = new byte[16];
        file.Position = place;
        await file.ReadExactlyAsync(bytes, Token);
        file.Position = place;
        await file.WriteAsync(bytes.Select(one => (byte)~one).ToArray(), Token);
    }

    private string PathOf(Artifact artifact) => _storage.ArtifactFiles.Single(path => Path.GetFileName(path) == artifact.Sha256);
}

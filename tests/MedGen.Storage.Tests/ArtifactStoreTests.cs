using MedGen.Storage.Tests.Databases;
using System.Diagnostics;
using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests;

public abstract class ArtifactStoreTests : IDisposable
{
    private readonly TestDatabase _database;
    private readonly StorageFixture _storage;

    private protected ArtifactStoreTests(TestDatabase database)
    {
        _database = database;
        _storage = new StorageFixture(database: database);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task AddAsync_Content_ComesBackEqualAfterReopening()
    {
        byte[] content = RandomNumberGenerator.GetBytes(200_000);

        string sha256 = Convert.ToHexString(SHA256.HashData(content));
        Artifact added = await _storage.Artifacts.AddAsync(New() with { ExpectedSha256 = sha256 }, Chunks(content), Token);

        _storage.Reopen();
        await using ArtifactContent read = await _storage.Artifacts.OpenAsync(added.Id, Token);
        using MemoryStream copy = new();
        await read.Content.CopyToAsync(copy, Token);
        copy.ToArray().ShouldBe(content);
        read.Artifact.ShouldBe(added);
        added.Synthetic.ShouldBeFalse();
        _storage.WorkFiles.ShouldBeEmpty();
    }

    [Fact]
    public async Task AddAsync_WrongHash_SaysBothAndLeavesNothing()
    {
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(
            () => _storage.Artifacts.AddAsync(New() with { ExpectedSha256 = new string('0', 64) }, Chunks([1, 2, 3]), Token));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe("sha256");
        error.Message.ShouldContain(Convert.ToHexStringLower(SHA256.HashData([1, 2, 3])));
        ShouldBeEmpty();
    }

    [Fact]
    public async Task AddAsync_OverTheLimit_StopsReadingAndLeavesNothing()
    {
        int taken = 0;

        ResourceExhaustedException error =
            await Should.ThrowAsync<ResourceExhaustedException>(() => _storage.Artifacts.AddAsync(New(), Endless(), Token));

        error.Reason.ShouldBe("ARTIFACT_TOO_LARGE");
        error.RetryAfter.ShouldBeNull();
        taken.ShouldBe(17);
        ShouldBeEmpty();

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Endless()
        {
            while (true)
            {
                taken++;
                yield return new byte[1 << 16];
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task AddAsync_SenderLeavesHalfWay_LeavesNothing()
    {
        await Should.ThrowAsync<IOException>(() => _storage.Artifacts.AddAsync(New(), Broken(), Token));

        ShouldBeEmpty();

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Broken()
        {
            yield return new byte[1000];
            await Task.Yield();
            throw new IOException("The client reset the request stream.");
        }
    }

    [Fact]
    public async Task AddAsync_Cancelled_LeavesNothing()
    {
        using CancellationTokenSource cancellation = new();

        await Should.ThrowAsync<OperationCanceledException>(() => _storage.Artifacts.AddAsync(New(), Cancelling(), cancellation.Token));

        ShouldBeEmpty();

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Cancelling()
        {
            yield return new byte[1000];
            await cancellation.CancelAsync();
            yield return new byte[1000];
        }
    }

    [Fact]
    public async Task AddAsync_NoBytes_IsRefused()
    {
        (await Should.ThrowAsync<InvalidInputException>(() => _storage.Artifacts.AddAsync(New(), Chunks([]), Token))).Message.ShouldContain("empty");
        ShouldBeEmpty();
    }

    [Fact]
    public async Task DeleteAsync_SharedContent_GoesWithItsLastArtifact()
    {
        Artifact one = await _storage.Artifacts.AddAsync(New(), Chunks([1, 2, 3]), Token);
        Artifact two = await _storage.Artifacts.AddAsync(New(), Chunks([1, 2, 3]), Token);
        one.Id.ShouldNotBe(two.Id);
        _storage.ArtifactFiles.ShouldHaveSingleItem();

        await _storage.Artifacts.DeleteAsync(one.Id, Token);
        File.Exists(await _storage.Artifacts.GetVerifiedPathAsync(two, Token)).ShouldBeTrue();
        await _storage.Artifacts.DeleteAsync(two.Id, Token);

        ShouldBeEmpty();
        await Should.ThrowAsync<ResourceNotFoundException>(() => _storage.Artifacts.DeleteAsync(two.Id, Token));
    }

    [Fact]
    public async Task DeleteAsync_NeededByAJob_IsRefusedUntilTheJobEnds()
    {
        Artifact input = await _storage.Artifacts.AddAsync(New(), Chunks([1]), Token);
        Job job = await _storage.Jobs.CreateAsync(
            new NewJob { Kind = JobKind.Classification, Owner = "ann", Request = "{}", Inputs = [input.Id] }, Token);

        FailedPreconditionException error =
            await Should.ThrowAsync<FailedPreconditionException>(() => _storage.Artifacts.DeleteAsync(input.Id, Token));
        error.Reason.ShouldBe("ARTIFACT_IN_USE");
        await _storage.Jobs.RequestCancelAsync(job.Id, Token);
        await _storage.Artifacts.DeleteAsync(input.Id, Token);

        ShouldBeEmpty();
    }

    [Fact]
    public async Task AdoptAsync_FinishedFile_IsMovedIn()
    {
        string path = _storage.Artifacts.NewWorkFile(".mp4");
        await File.WriteAllBytesAsync(path, [9, 9], Token);

        Artifact artifact = await _storage.Artifacts.AdoptAsync(New(), path, Token);

        File.Exists(path).ShouldBeFalse();
        File.ReadAllBytes(await _storage.Artifacts.GetVerifiedPathAsync(artifact, Token)).ShouldBe([9, 9]);
    }

    [Fact]
    public async Task Sweep_AfterACrash_DeletesWhatNoRecordNames()
    {
        Artifact kept = await _storage.Artifacts.AddAsync(New(), Chunks([1]), Token);
        string orphan = Path.Combine(_storage.Folder, "artifacts", "ff", "ff", new string('f', 64));
        Directory.CreateDirectory(Path.GetDirectoryName(orphan)!);
        File.WriteAllText(orphan, "left by a crash");
        File.WriteAllText(Path.Combine(_storage.Folder, "work", $"{new string('f', 64)}.pending"), "");
        File.WriteAllText(_storage.Artifacts.NewWorkFile(".part"), "left by a crash");

        _storage.Reopen();
        _storage.Services.GetRequiredService<StorageStart>().Sweep().ShouldBe(3);

        _storage.ArtifactFiles.ShouldBe([await _storage.Artifacts.GetVerifiedPathAsync(kept, Token)]);
        _storage.WorkFiles.ShouldBeEmpty();
    }

    [Fact]
    public async Task DataFolder_Files_AreForThisUserOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes.");
        Artifact artifact = await _storage.Artifacts.AddAsync(New(), Chunks([1]), Token);

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#pragma warning disable CA1416 // Skipped on Windows above.
        File.GetUnixFileMode(_storage.Folder).ShouldBe(Owner | UnixFileMode.UserExecute);
        File.GetUnixFileMode(await _storage.Artifacts.GetVerifiedPathAsync(artifact, Token)).ShouldBe(Owner);
        foreach (string file in Directory.GetFiles(_storage.Folder))
        {
            File.GetUnixFileMode(file).ShouldBe(Owner, file);
        }
#pragma warning restore CA1416
    }

    [Fact]
    public void DataFolder_SecondHost_IsKeptOut()
    {
        _ = _storage.Jobs;

        Should.Throw<FailedPreconditionException>(() =>
        {
            using StorageFixture second = new(_storage.Folder);
            _ = second.Jobs;
        }).Reason.ShouldBe("DATA_FOLDER_IN_USE");
    }

    [Fact]
    public async Task AddAsync_DiskFull_SaysSoAndLeavesNothing()
    {
        string mount = Directory.CreateTempSubdirectory("medgen-tmpfs-").FullName;
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mount), "Mounting a tmpfs is not permitted here.");
        try
        {
            using StorageFixture small = new(
                Path.Combine(mount, "data"), maxBytes: 1 << 30, configure: options => (options.MinFreeBytes, options.MinFreePercent) = (0, 0));
            ResourceExhaustedException error = await Should.ThrowAsync<ResourceExhaustedException>(
                () => small.Artifacts.AddAsync(New(), Chunks(new byte[8 << 20]), Token));

            error.Reason.ShouldBe("DISK_FULL");
            small.WorkFiles.ShouldBeEmpty();
            small.ArtifactFiles.ShouldBeEmpty();
            (await small.Artifacts.AddAsync(New(), Chunks([1]), Token)).Size.ShouldBe(1);
        }
        finally
        {
            await RunAsync("umount", mount);
            Directory.Delete(mount);
        }
    }

    private static NewArtifact New() => new() { FileName = "clip.mp4", MediaType = "video/mp4", Owner = "ann" };

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(byte[] content)
    {
        foreach (byte[] chunk in content.Chunk(1 << 16))
        {
            yield return chunk;
            await Task.Yield();
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private void ShouldBeEmpty()
    {
        _storage.ArtifactFiles.ShouldBeEmpty();
        _storage.WorkFiles.ShouldBeEmpty();
    }
}

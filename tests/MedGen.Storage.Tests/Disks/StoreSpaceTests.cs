using System.Diagnostics;
using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Sdk.Errors;

namespace MedGen.Storage.Tests.Disks;

public sealed class StoreSpaceTests
{
    private const int Mebibyte = 1 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static NewArtifact Upload => new() { FileName = "clip.mp4", MediaType = "video/mp4", Owner = "ann" };

    [Fact]
    public async Task AddAsync_DeclaredSizes_AreTakenBeforeTheFirstByte()
    {
        FakeVolume disk = new(100 * Mebibyte);
        using StorageFixture storage = Open(disk);
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Artifact> slow = storage.Artifacts.AddAsync(Upload with { Size = 60 * Mebibyte }, SlowlyAsync(), Token);
        await began.Task;

        ResourceExhaustedException error =
            await Should.ThrowAsync<ResourceExhaustedException>(() => storage.AddAsync([1], Upload with { Size = 60 * Mebibyte }));

        error.Reason.ShouldBe("DISK_FULL");
        error.RetryAfter.ShouldNotBeNull();
        (await storage.AddAsync([2], Upload with { Size = 1 })).Size.ShouldBe(1);
        rest.SetResult();
        await slow;

        async IAsyncEnumerable<ReadOnlyMemory<byte>> SlowlyAsync()
        {
            began.SetResult();
            await rest.Task;
            yield return new byte[] { 1 };
        }
    }

    [Fact]
    public async Task AddAsync_DeclaredOverTheLimit_IsRefusedBeforeTheFirstByte()
    {
        using StorageFixture storage = new(maxBytes: 10);

        (await Should.ThrowAsync<ResourceExhaustedException>(() => storage.Artifacts.AddAsync(Upload with { Size = 11 }, Untouched(), Token)))
            .Reason.ShouldBe("ARTIFACT_TOO_LARGE");

        storage.WorkFiles.ShouldBeEmpty();

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Untouched()
        {
            await Task.Yield();
            yield return ReadOnlyMemory<byte>.Empty;
            throw new InvalidOperationException("The content was asked for.");
        }
    }

    [Fact]
    public void Read_BelowTheWatermark_SaysWhy()
    {
        FakeVolume disk = new(100 * Mebibyte) { OtherBytes = 50 * Mebibyte };
        using StorageFixture storage = Open(disk);
        storage.State.Read().Shortage.ShouldBeNull();

        disk.OtherBytes = 95 * Mebibyte;
        storage.State.Read().Shortage.ShouldNotBeNull().ShouldContain("5242880 bytes of the disk are free");
        Should.Throw<ResourceExhaustedException>(() => storage.Artifacts.RequireRoom(0)).Reason.ShouldBe("DISK_FULL");
        disk.OtherBytes = 0;
        disk.FreeFiles = 90;
        storage.State.Read().Shortage.ShouldNotBeNull().ShouldContain("90 more files");
    }

    [Fact]
    public async Task AddAsync_DiskFailsHalfWay_LeavesNothing()
    {
        using StorageFixture storage = Open(new FakeVolume(100 * Mebibyte) { FailsAfter = 10 });

        (await Should.ThrowAsync<ResourceExhaustedException>(() => storage.AddAsync(new byte[11]))).Reason.ShouldBe("DISK_FULL");

        storage.WorkFiles.ShouldBeEmpty();
        storage.ArtifactFiles.ShouldBeEmpty();
        (await storage.AddAsync(new byte[10])).Size.ShouldBe(10);
    }

    // The real thing: a file system of a few MB.
    [Fact]
    [Long]
    public async Task Store_OnADiskWithoutOneFreeByte_StillDeletesAndAudits()
    {
        string mount = Directory.CreateTempSubdirectory("medgen-tmpfs-").FullName;
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", mount), "Mounting a tmpfs is not permitted here.");
        try
        {
            using StorageFixture storage = new(
                Path.Combine(mount, "data"), maxBytes: 1 << 30, configure: options =>
                    (options.MinFreeBytes, options.ReserveBytes) = (Mebibyte, Mebibyte));
            await storage.Start.StartingAsync(Token);
            Artifact artifact = await storage.AddAsync(new byte[6 * Mebibyte]);
            NewArtifact declared = Upload with { Size = 4 * Mebibyte };
            Task<Artifact>[] uploads =
                [.. Enumerable.Range(0, 8).Select(i => Task.Run(() => storage.AddAsync(Bytes(i, 4 * Mebibyte), declared)))];
            await Task.WhenAll(uploads.Select(upload => upload.ContinueWith(_ => { }, TaskScheduler.Default)));
            uploads.Count(upload => upload.IsCompletedSuccessfully).ShouldBe(1);
            await FillAsync(Path.Combine(mount, "others"));

            (await Should.ThrowAsync<ResourceExhaustedException>(() => storage.AddAsync([1]))).Reason.ShouldBe("DISK_FULL");
            storage.State.Read().Shortage.ShouldNotBeNull();
            for (int i = 0; i < 100; i++)
            {
                await storage.Audit.AppendAsync(new AuditEntry { Caller = "ann", Action = "A", Subject = "", Outcome = "ok" }, Token);
            }

            await storage.Artifacts.DeleteAsync(artifact.Id, Token);
            (await storage.Audit.VerifyAsync(Token)).Records.ShouldBe(100);
            storage.State.Read().Shortage.ShouldBeNull();
            (await storage.AddAsync([1])).Size.ShouldBe(1);
        }
        finally
        {
            await RunAsync("umount", mount);
            Directory.Delete(mount);
        }
    }

    private static StorageFixture Open(FakeVolume disk) => new(
        maxBytes: 1 << 30, volume: disk, configure: options => (options.MinFreeBytes, options.MinFreePercent, options.ReserveBytes) = (0, 10, 0));

    private static byte[] Bytes(int first, int count)
    {
        byte[] bytes = new byte[count];
        bytes[0] = (byte)(first + 1);
        return bytes;
    }

    private static async Task FillAsync(string path)
    {
        await using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        byte[] chunk = new byte[4096];
        try
        {
            while (true)
            {
                await file.WriteAsync(chunk, Token);
            }
        }
        catch (IOException)
        {
            // Not one byte is free.
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0;
    }
}

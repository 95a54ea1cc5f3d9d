using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using MedGen.Storage.Disks;
using MedGen.Storage.Maintenance;
using Microsoft.Data.Sqlite;

namespace MedGen.Storage.Tests.Disks;

/// <summary>A disk that cannot be written to any more, or that answers late.</summary>
public sealed class FailingDiskTests
{
    private const int ReadOnlyFileSystem = 30;
    private const int InputOutputError = 5;

    private static readonly AuditEntry Entry = new() { Caller = "ann", Action = "CancelJob", Subject = "job:1", Outcome = "ok" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ReadOnlyFileSystem)]
    [InlineData(InputOutputError)]
    public async Task AddAsync_OnADiskThatTakesNothing_SaysSoAndKeepsWhatWasThere(int error)
    {
        FaultyVolume disk = new();
        using StorageFixture storage = new(volume: disk);
        Artifact before = await storage.AddAsync([1]);
        disk.Fault = () => throw new IOException("fault of the test", error);

        (await Should.ThrowAsync<ResourceExhaustedException>(() => storage.AddAsync([2]))).Reason.ShouldBe("DISK_NOT_WRITABLE");
        storage.State.Read().Shortage.ShouldNotBeNull().ShouldContain("cannot be written to");

        disk.Fault = null;
        storage.State.Read().Shortage.ShouldBeNull();
        (await storage.AddAsync([2])).Size.ShouldBe(1);
        await ShouldHoldAsync(storage, before);
    }

    [Fact]
    public async Task Store_OnAFileSystemRemountedReadOnly_RefusesWritesAndServesWhatIsThere()
    {
        using StorageFixture storage = new();
        Artifact before = await storage.AddAsync([1]);
        Job job = await storage.Jobs.CreateAsync(new NewJob { Kind = JobKind.Augmentation, Owner = "ann", Request = "{}" }, Token);

        // What other connections have open stays writable, so that there must be none; this one keeps the write-ahead log in its place.
        SqliteConnection.ClearAllPools();
        using SqliteConnection open = new($"Data Source={Path.Combine(storage.Folder, "medgen.db")};Pooling=False");
        open.Open();
        using SqliteCommand look = new("SELECT count(*) FROM jobs", open);
        look.ExecuteScalar();

        bool isAllowed = ReadOnlyMount.Run(storage.Folder, () =>
        {
            Reason(() => storage.AddAsync([2]).GetAwaiter().GetResult()).ShouldBe("DISK_NOT_WRITABLE");
            Reason(() => storage.Jobs.RequestCancelAsync(job.Id, Token).GetAwaiter().GetResult()).ShouldBe("DISK_NOT_WRITABLE");
            Reason(() => storage.Audit.AppendAsync(Entry, Token).GetAwaiter().GetResult()).ShouldBe("DISK_NOT_WRITABLE");
            storage.State.Read().Shortage.ShouldNotBeNull().ShouldContain("cannot be written to");
            storage.Artifacts.FindAsync(before.Id, Token).GetAwaiter().GetResult().ShouldBe(before);

            // Its handles know the read-only file system, and are of no use afterwards.
            SqliteConnection.ClearAllPools();
        });
        Assert.SkipUnless(isAllowed, "this system allows no mounts");

        storage.State.Read().Shortage.ShouldBeNull();
        (await storage.Jobs.FindAsync(job.Id, Token)).ShouldNotBeNull().State.ShouldBe(JobState.Queued);
        await storage.Audit.AppendAsync(Entry, Token);
        await ShouldHoldAsync(storage, before);
    }

    [Fact]
    public async Task AddAsync_OnASlowDisk_WaitsAndLosesNothing()
    {
        FaultyVolume disk = new();
        using StorageFixture storage = new(volume: disk);
        Artifact before = await storage.AddAsync([1]);
        using ManualResetEventSlim late = new();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        disk.Fault = () =>
        {
            asked.TrySetResult();
            late.Wait(Token);
        };

        Task<Artifact> slow = Task.Run(() => storage.AddAsync([2]), Token);
        await asked.Task;
        await storage.Audit.AppendAsync(Entry, Token);
        (await storage.Artifacts.FindAsync(before.Id, Token)).ShouldBe(before);
        slow.IsCompleted.ShouldBeFalse();

        late.Set();
        await ShouldHoldAsync(storage, before, await slow);
    }

    private static string Reason(Action action) => Should.Throw<ResourceExhaustedException>(action).Reason;

    private static async Task ShouldHoldAsync(StorageFixture storage, params Artifact[] artifacts)
    {
        foreach (Artifact artifact in artifacts)
        {
            await storage.Artifacts.GetVerifiedPathAsync(artifact, Token);
        }

        storage.WorkFiles.ShouldBeEmpty();
        storage.Close();
        StoreCheck.Run(storage.Folder, Token).Findings.ShouldBeEmpty();
    }

    private sealed class FaultyVolume : IVolume
    {
        /// <summary>Happens before a file is made.</summary>
        public Action? Fault { get; set; }

        public VolumeSpace Read() => new(1L << 40, 1L << 40, null, null);

        public FileStream Create(string path, long bytes)
        {
            Fault?.Invoke();
            return new FileStream(path, DataFolder.NewFile());
        }

        public void Settle(string folder)
        {
        }
    }
}

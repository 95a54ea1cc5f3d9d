using MedGen.Application.Artifacts;
using MedGen.Application.Auditing;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using MedGen.Storage.Maintenance;

namespace MedGen.Storage.Tests.Maintenance;

public sealed class StoreBackupTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("medgen-backup-").FullName;
    private readonly StorageFixture _storage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Backup => Path.Combine(_place, "backup");

    private string Restored => Path.Combine(_place, "restored");

    public void Dispose()
    {
        _storage.Dispose();
        Directory.Delete(_place, recursive: true);
    }

    [Fact]
    public async Task RunAsync_BesideAHost_RestoresToTheStateOfThatMoment()
    {
        Artifact artifact = await _storage.AddAsync([1, 2, 3]);
        NewJob asked = new() { Kind = JobKind.Generation, Owner = "ann", Request = "{}", Inputs = [artifact.Id] };
        Job job = await _storage.Jobs.CreateAsync(asked, Token);
        File.WriteAllText(Path.Combine(_storage.Folder, "plugins.json"), "{}");

        await _storage.Audit.AppendAsync(new AuditEntry { Caller = "ann", Action = "A", Subject = "", Outcome = "ok" }, Token);
        BackupReport made = await BackUpAsync();
        await _storage.AddAsync([9]);
        BackupReport restored = await RestoreAsync();

        (made.InUse, made.Findings.Count, made.Files).ShouldBe((true, 0, 6));
        (restored.Findings.Count, restored.Files, restored.Bytes).ShouldBe((0, made.Files, made.Bytes));
        using StorageFixture copy = new(Restored);
        (await copy.Audit.VerifyAsync(Token)).Faults.ShouldBeEmpty();
        (await copy.Artifacts.FindAsync(artifact.Id, Token)).ShouldBe(artifact);
        File.ReadAllBytes(await copy.Artifacts.GetVerifiedPathAsync(artifact, Token)).ShouldBe([1, 2, 3]);
        copy.ArtifactFiles.ShouldHaveSingleItem();
        (await copy.Jobs.FindAsync(job.Id, Token)).ShouldNotBeNull().State.ShouldBe(JobState.Queued);
        File.ReadAllText(Path.Combine(Restored, "plugins.json")).ShouldBe("{}");
    }

    [Fact]
    public async Task RunAsync_WhileArtifactsComeAndGo_IsWholeAllTheSame()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await _storage.AddAsync([1, 2, 3, 4, 5]);
        Task traffic = Task.Run(
            async () =>
            {
                for (int i = 0; !stop.IsCancellationRequested; i++)
                {
                    Artifact artifact = await _storage.AddAsync(BitConverter.GetBytes(i));
                    if (i % 3 != 0)
                    {
                        await _storage.Artifacts.DeleteAsync(artifact.Id, Token);
                    }
                }
            },
            Token);

        BackupReport made = await BackUpAsync();
        await stop.CancelAsync();
        await traffic;

        made.Findings.ShouldBeEmpty();
        (await RestoreAsync()).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task RunAsync_DryRun_SaysWhatItWouldWriteAndWritesNothing()
    {
        await _storage.AddAsync([1, 2, 3]);
        _storage.Close();

        BackupReport planned = await BackUpAsync(dryRun: true);
        Path.Exists(Backup).ShouldBeFalse();
        BackupReport made = await BackUpAsync();
        (planned.Files, planned.Bytes).ShouldBe((made.Files, made.Bytes));

        (await RestoreAsync(dryRun: true)).Files.ShouldBe(made.Files);
        Path.Exists(Restored).ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_DamagedContent_IsNamedAndLeftOut()
    {
        Artifact damaged = await _storage.AddAsync([1, 2, 3]);
        await _storage.AddAsync([4]);
        FolderPicture.Damage(_storage.ContentOf(damaged));

        BackupReport made = await BackUpAsync();

        made.Findings.ShouldHaveSingleItem().ArtifactIds.ShouldBe([damaged.Id]);
        (await RestoreAsync()).Findings.ShouldHaveSingleItem().Kind.ShouldBe(StoreFindingKind.ContentMissing);
    }

    [Fact]
    public async Task RunAsync_TargetNotEmpty_IsRefusedAndLeftAsItIs()
    {
        _ = _storage.Jobs;
        Directory.CreateDirectory(Backup);
        File.WriteAllText(Path.Combine(Backup, "thesis.txt"), "mine");
        string before = FolderPicture.Of(_place);

        (await Should.ThrowAsync<FailedPreconditionException>(() => BackUpAsync())).Reason.ShouldBe("FOLDER_NOT_EMPTY");

        FolderPicture.Of(_place).ShouldBe(before);
    }

    [Fact]
    public async Task RestoreAsync_TargetNotEmpty_IsRefused()
    {
        _ = _storage.Jobs;
        await BackUpAsync();

        (await Should.ThrowAsync<FailedPreconditionException>(() => StoreRestore.RunAsync(Backup, _storage.Folder, false, null, Token)))
            .Reason.ShouldBe("FOLDER_NOT_EMPTY");
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("missing")]
    public async Task RestoreAsync_FileOfTheBackupLost_RestoresNothing(string loss)
    {
        Artifact artifact = await _storage.AddAsync([1, 2, 3]);
        await BackUpAsync();
        string file = new DataPaths(Backup).ContentFile(artifact.Sha256);
        if (loss == "damaged")
        {
            FolderPicture.Damage(file);
        }
        else
        {
            File.Delete(file);
        }

        DataLossException error = await Should.ThrowAsync<DataLossException>(() => RestoreAsync());

        error.Reason.ShouldBe("BACKUP_DAMAGED");
        error.Message.ShouldContain(artifact.Sha256);
        Path.Exists(Restored).ShouldBeFalse();
    }

    // Killed in between, the folder would pass for one from before there were marks.
    [Fact]
    public async Task RestoreAsync_AtAnyMoment_HasNoDatabaseBeforeAllFiles()
    {
        await _storage.AddAsync([1, 2, 3]);
        await _storage.AddAsync([4]);
        await BackUpAsync();
        string artifacts = Path.Combine(Restored, "artifacts");
        List<int> before = [];
        Progress each = new(() =>
        {
            if (!File.Exists(Path.Combine(Restored, "medgen.db")))
            {
                before.Add(Directory.Exists(artifacts) ? Directory.GetFiles(artifacts, "*", SearchOption.AllDirectories).Length : 0);
            }
        });

        await StoreRestore.RunAsync(Backup, Restored, dryRun: false, each, Token);

        before[^1].ShouldBe(2);
    }

    [Fact]
    public async Task RunAsync_IntoTheDataFolder_IsRefused()
    {
        _ = _storage.Jobs;
        string inside = Path.Combine(_storage.Folder, "backup");

        (await Should.ThrowAsync<FailedPreconditionException>(() => StoreBackup.RunAsync(_storage.Folder, inside, false, null, _storage.Time, Token)))
            .Reason.ShouldBe("BACKUP_INSIDE");

        Path.Exists(inside).ShouldBeFalse();
    }

    [Fact]
    public async Task RestoreAsync_ManifestThatLeadsOut_IsRefused()
    {
        _ = _storage.Jobs;
        await BackUpAsync();
        string manifest = Path.Combine(Backup, BackupManifest.FileName);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("medgen.db", "../medgen.db", StringComparison.Ordinal));

        (await Should.ThrowAsync<InvalidInputException>(() => RestoreAsync())).Message.ShouldContain("files");

        Path.Exists(Restored).ShouldBeFalse();
    }

    private Task<BackupReport> BackUpAsync(bool dryRun = false) =>
        StoreBackup.RunAsync(_storage.Folder, Backup, dryRun, null, _storage.Time, Token);

    private Task<BackupReport> RestoreAsync(bool dryRun = false) => StoreRestore.RunAsync(Backup, Restored, dryRun, null, Token);

    private sealed class Progress(Action report) : IProgress<double>
    {
        public void Report(double value) => report();
    }
}

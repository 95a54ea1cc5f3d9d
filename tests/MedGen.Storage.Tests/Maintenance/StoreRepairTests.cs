using MedGen.Application.Artifacts;
using MedGen.Sdk.Errors;
using MedGen.Storage.Maintenance;
using MedGen.Storage.Opening;

namespace MedGen.Storage.Tests.Maintenance;

public sealed class StoreRepairTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("medgen-repair-").FullName;
    private readonly StorageFixture _storage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Backup => Path.Combine(_place, "backup");

    public void Dispose()
    {
        _storage.Dispose();
        Directory.Delete(_place, recursive: true);
    }

    [Fact]
    public async Task RunAsync_GoodFolder_DoesNothing()
    {
        await _storage.AddAsync([1]);
        _storage.Close();

        RepairReport report = await RepairAsync(null);

        report.Actions.ShouldBeEmpty();
        report.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task RunAsync_DamagedContentAndABackup_PutsTheGoodOneBackAndKeepsTheOther()
    {
        Artifact artifact = await _storage.AddAsync([1, 2, 3]);
        await BackUpAsync();
        _storage.Close();
        FolderPicture.Damage(_storage.ContentOf(artifact));
        string before = FolderPicture.Of(_storage.Folder);

        RepairReport planned = await RepairAsync(Backup, dryRun: true);
        FolderPicture.Of(_storage.Folder).ShouldBe(before);
        RepairReport done = await RepairAsync(Backup);

        done.Actions.ShouldBe(planned.Actions);
        done.Actions.Select(action => action.Kind).ShouldBe([RepairActionKind.MovedToQuarantine, RepairActionKind.PutBack]);
        File.ReadAllBytes(_storage.ContentOf(artifact)).ShouldBe([1, 2, 3]);
        Quarantined().ShouldHaveSingleItem().ShouldEndWith(artifact.Sha256);
        done.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task RunAsync_DatabaseLostAndABackup_PutsItBackAndKeepsWhatCameSince()
    {
        Artifact old = await _storage.AddAsync([1]);
        await BackUpAsync();
        Artifact late = await _storage.AddAsync([2]);
        _storage.Close();
        string database = Path.Combine(_storage.Folder, "medgen.db");
        FolderPicture.Damage(database, 18);
        File.WriteAllBytes(database, [.. File.ReadAllBytes(database).Select((value, at) => at < 100 ? (byte)0xA5 : value)]);

        RepairReport report = await RepairAsync(Backup);

        report.Findings.ShouldBeEmpty();
        Quarantined().Select(Path.GetFileName).ShouldBe(["medgen.db", late.Sha256], ignoreOrder: true);
        _storage.Reopen();
        (await _storage.Artifacts.FindAsync(old.Id, Token)).ShouldBe(old);
        (await _storage.Artifacts.FindAsync(late.Id, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task RunAsync_DatabaseLostAndNoBackup_IsRefusedAndSaysWhatToDo()
    {
        await _storage.AddAsync([1]);
        _storage.Close();
        File.Delete(Path.Combine(_storage.Folder, "medgen.db"));
        string before = FolderPicture.Of(_storage.Folder);

        FailedPreconditionException error = await Should.ThrowAsync<FailedPreconditionException>(() => RepairAsync(null));

        error.Reason.ShouldBe("DATABASE_LOST");
        error.Message.ShouldContain("--from");
        FolderPicture.Of(_storage.Folder).ShouldBe(before);
    }

    [Fact]
    public async Task RunAsync_MarkBroken_MarksTheFolderAnew()
    {
        await _storage.AddAsync([1]);
        _storage.Close();
        File.WriteAllText(Path.Combine(_storage.Folder, FolderMark.FileName), "{");

        (await RepairAsync(null)).Findings.ShouldBeEmpty();

        _storage.Reopen();
        _ = _storage.Jobs;
    }

    [Fact]
    public async Task RunAsync_HostRunning_IsRefused()
    {
        _ = _storage.Jobs;

        (await Should.ThrowAsync<FailedPreconditionException>(() => RepairAsync(null))).Reason.ShouldBe("DATA_FOLDER_IN_USE");
    }

    private Task<BackupReport> BackUpAsync() => StoreBackup.RunAsync(_storage.Folder, Backup, false, null, _storage.Time, Token);

    private Task<RepairReport> RepairAsync(string? backup, bool dryRun = false) =>
        StoreRepair.RunAsync(_storage.Folder, backup, dryRun, _storage.Time, Token);

    private string[] Quarantined() => Directory.GetFiles(Path.Combine(_storage.Folder, "quarantine"), "*", SearchOption.AllDirectories);
}

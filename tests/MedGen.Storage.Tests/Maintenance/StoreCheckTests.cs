using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Sdk.Errors;
using MedGen.Storage.Database;
using MedGen.Storage.Maintenance;
using MedGen.Storage.Opening;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests.Maintenance;

public sealed class StoreCheckTests : IDisposable
{
    private readonly StorageFixture _storage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _storage.Dispose();

    [Fact]
    public async Task Run_GoodFolder_IsCleanBesideAHostAndWithoutOneAndChangesNothing()
    {
        await _storage.AddAsync([1, 2, 3]);
        await _storage.AddAsync([4, 5]);

        StoreReport beside = StoreCheck.Run(_storage.Folder, Token);
        _storage.Close();
        string before = FolderPicture.Of(_storage.Folder);
        StoreReport alone = StoreCheck.Run(_storage.Folder, Token);

        (beside.IsClean, beside.InUse, beside.Contents, beside.Bytes).ShouldBe((true, true, 2, 5L));
        (alone.IsClean, alone.InUse, alone.Contents, alone.Bytes).ShouldBe((true, false, 2, 5L));
        FolderPicture.Of(_storage.Folder).ShouldBe(before);
    }

    [Fact]
    public void Run_FolderThatThisUserMayNotRead_SaysSo()
    {
        Assert.SkipWhen(Environment.UserName == "root" || OperatingSystem.IsWindows(), "root may read everything.");
        _ = _storage.Jobs;
        _storage.Close();
        File.SetUnixFileMode(_storage.Folder, UnixFileMode.None);

        Should.Throw<UnauthorizedAccessException>(() => StoreCheck.Run(_storage.Folder, TestContext.Current.CancellationToken));

        File.SetUnixFileMode(_storage.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Run_FolderOfSomebodyElse_IsRefused() =>
        Should.Throw<FailedPreconditionException>(() => StoreCheck.Run(Path.GetTempPath(), Token)).Reason.ShouldBe("DATA_FOLDER_FOREIGN");

    [Fact]
    public async Task Run_ContentsMissingCutAndUnknown_NamesEach()
    {
        Artifact missing = await _storage.AddAsync([1, 2, 3]);
        Artifact cut = await _storage.AddAsync([4, 5]);
        _storage.Close();
        File.Delete(_storage.ContentOf(missing));
        File.WriteAllBytes(_storage.ContentOf(cut), [4]);
        string unknown = new DataPaths(_storage.Folder).ContentFile(new string('f', 64));
        Directory.CreateDirectory(Path.GetDirectoryName(unknown)!);
        File.WriteAllText(unknown, "?");

        StoreReport report = StoreCheck.Run(_storage.Folder, Token);

        report.Findings.Select(finding => finding.Kind).ShouldBe(
            [StoreFindingKind.ContentMissing, StoreFindingKind.ContentDamaged, StoreFindingKind.FileWithoutRecord], ignoreOrder: true);
        report.Findings.Single(finding => finding.Kind == StoreFindingKind.ContentMissing).ArtifactIds.ShouldBe([missing.Id]);
        report.Findings.Single(finding => finding.Kind == StoreFindingKind.ContentDamaged).ArtifactIds.ShouldBe([cut.Id]);
        report.Findings.ShouldAllBe(finding => finding.Remedy.Length > 0);
    }

    [Fact]
    public async Task Run_EventLogWithAGap_NamesTheJob()
    {
        Job job = await _storage.Jobs.CreateAsync(new NewJob { Kind = JobKind.Generation, Owner = "ann", Request = "{}" }, Token);
        await _storage.Jobs.ClaimNextAsync(64, 64, Token);
        await _storage.Services.GetRequiredService<StoreDatabase>().WriteAsync(
            session => session.Execute("DELETE FROM job_events WHERE number = 1"), Token);

        StoreFinding finding = StoreCheck.Run(_storage.Folder, Token).Findings.ShouldHaveSingleItem();

        (finding.Kind, finding.Subject).ShouldBe((StoreFindingKind.JobLogBroken, job.Id));
    }

    [Fact]
    public async Task Run_DamagedDatabase_IsAFinding()
    {
        await _storage.AddAsync([1, 2, 3]);
        _storage.Close();
        using (FileStream file = File.OpenWrite(Path.Combine(_storage.Folder, "medgen.db")))
        {
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray());
        }

        StoreCheck.Run(_storage.Folder, Token).Findings.ShouldContain(finding => finding.Kind == StoreFindingKind.DatabaseDamaged);
    }

    [Fact]
    public void Run_DatabaseAndMarkMissing_AreFindings()
    {
        _ = _storage.Jobs;
        _storage.Close();
        File.Delete(Path.Combine(_storage.Folder, "medgen.db"));
        StoreCheck.Run(_storage.Folder, Token).Findings.ShouldHaveSingleItem().Kind.ShouldBe(StoreFindingKind.DatabaseMissing);

        File.WriteAllText(Path.Combine(_storage.Folder, FolderMark.FileName), "{");
        StoreCheck.Run(_storage.Folder, Token).Findings[0].Kind.ShouldBe(StoreFindingKind.MarkBroken);
        SqliteConnection.ClearAllPools();
    }
}

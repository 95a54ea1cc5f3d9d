using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Storage.Database;
using MedGen.Storage.Opening;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-data-folder-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_FolderOfSomebodyElse_IsRefusedAndLeftAsItIs(bool readOnly)
    {
        Put("work/thesis/data.csv");
        Put("artifacts/scan.dcm");
        Put("jobs/mine/f");
        string before = Picture();

        FailedPreconditionException error = Refused(readOnly);

        error.Reason.ShouldBe("DATA_FOLDER_FOREIGN");
        error.Message.ShouldContain(_folder);
        error.Message.ShouldContain("Name a new or empty folder");
        Picture().ShouldBe(before);
    }

    [Fact]
    public void Open_DatabaseOfSomebodyElse_IsRefusedAndLeftAsItIs()
    {
        using (Microsoft.Data.Sqlite.SqliteConnection connection = new($"Data Source={Path.Combine(_folder, "medgen.db")};Pooling=False"))
        {
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE jobs (id TEXT)";
            command.ExecuteNonQuery();
        }

        string before = Picture();

        Refused().Reason.ShouldBe("DATA_FOLDER_FOREIGN");

        Picture().ShouldBe(before);
    }

    [Fact]
    public void Open_EmptyFolder_IsMarkedAndKeepsItsMark()
    {
        Put("medgen.lock", "");
        Directory.CreateDirectory(Path.Combine(_folder, "lost+found"));
        Open();
        string mark = File.ReadAllText(Path.Combine(_folder, FolderMark.FileName));

        Open();

        mark.ShouldContain("\"format\": \"medgen-data-folder\"");
        mark.ShouldContain($"\"schema\": {Migrations.All.Count}");
        File.ReadAllText(Path.Combine(_folder, FolderMark.FileName)).ShouldBe(mark);
    }

    [Fact]
    public async Task Open_FolderFromBeforeThereWereMarks_IsAdoptedWithItsFiles()
    {
        Artifact artifact = await StoreAsync([1, 2, 3]);
        File.Delete(Path.Combine(_folder, FolderMark.FileName));

        using StorageFixture storage = new(_folder);

        (await storage.Artifacts.FindAsync(artifact.Id, Token)).ShouldBe(artifact);
        storage.ArtifactFiles.ShouldHaveSingleItem();
        FolderMark.Find(_folder)!.Schema.ShouldBe(Migrations.All.Count);
    }

    [Fact]
    public void Open_CrashBetweenMarkAndDatabase_GoesOn()
    {
        FolderMark.New().Write(_folder);

        Open();

        FolderMark.Find(_folder)!.Schema.ShouldBe(Migrations.All.Count);
    }

    [Fact]
    public void Open_BrokenMark_IsRefused()
    {
        Open();
        File.WriteAllText(Path.Combine(_folder, FolderMark.FileName), "{ \"format\": \"other\", \"id\": \"\", \"schema\": 1 }");

        FailedPreconditionException error = Refused();

        error.Reason.ShouldBe("DATA_FOLDER_MARK_BROKEN");
        error.Message.ShouldContain(FolderMark.FileName);
    }

    [Theory]
    [InlineData("missing", true, false)]
    [InlineData("missing", true, true)]
    [InlineData("empty", true, false)]
    [InlineData("empty", true, true)]
    [InlineData("missing", false, false)]
    [InlineData("empty", false, true)]
    public async Task Open_DatabaseLost_IsRefusedAndLeftAsItIs(string loss, bool marked, bool readOnly)
    {
        await StoreAsync([1, 2, 3]);
        foreach (string file in Directory.GetFiles(_folder, "medgen.db*"))
        {
            File.Delete(file);
        }

        if (loss == "empty")
        {
            Put("medgen.db", "");
        }

        if (!marked)
        {
            File.Delete(Path.Combine(_folder, FolderMark.FileName));
        }

        string before = Picture();

        FailedPreconditionException error = Refused(readOnly);

        error.Reason.ShouldBe(marked ? "DATABASE_MISSING" : "DATA_FOLDER_FOREIGN");
        error.Message.ShouldContain(marked ? "Put back the database" : "put the database back");
        Picture().ShouldBe(before);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_DatabaseOlderByOneArtifact_IsRefusedAndLeftAsItIs(bool readOnly)
    {
        await StoreAsync([1]);
        byte[] backup = File.ReadAllBytes(Path.Combine(_folder, "medgen.db"));
        await StoreAsync([2]);
        File.WriteAllBytes(Path.Combine(_folder, "medgen.db"), backup);
        string before = Picture();

        FailedPreconditionException error = Refused(readOnly);

        error.Reason.ShouldBe("FILES_WITHOUT_RECORD");
        error.Message.ShouldContain(Convert.ToHexStringLower(SHA256.HashData([2])));
        error.Message.ShouldContain(": 1, the first is");
        Picture().ShouldBe(before);
    }

    [Fact]
    public async Task Open_DatabaseOlderByAJob_IsRefusedAndItsFilesStay()
    {
        Open();
        byte[] backup = File.ReadAllBytes(Path.Combine(_folder, "medgen.db"));
        using (StorageFixture storage = new(_folder))
        {
            Job job = await storage.Jobs.CreateAsync(new NewJob { Kind = JobKind.Augmentation, Owner = "ann", Request = "{}" }, Token);
            File.WriteAllText(Path.Combine(storage.Artifacts.JobFolder(job.Id), "journal.jsonl"), "hours of work");
            await storage.Services.GetRequiredService<ICheckpointStore>().SaveAsync(job.Id, new byte[] { 1 }, Token);
        }

        File.WriteAllBytes(Path.Combine(_folder, "medgen.db"), backup);
        string before = Picture();

        Refused().Message.ShouldContain(": 2, the first is");

        Picture().ShouldBe(before);
    }

    [Fact]
    public void Open_DatabaseOfAnOlderSchemaThanTheFoldersOwn_IsRefused()
    {
        Open();
        FolderMark.Find(_folder)!.ShouldNotBeNull();
        (FolderMark.Find(_folder)! with { Schema = Migrations.All.Count + 1 }).Write(_folder);
        string before = Picture();

        Refused().Reason.ShouldBe("DATABASE_OLDER");

        Picture().ShouldBe(before);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task Open_DamagedDatabase_NamesItAndSaysWhatToDo(int offset)
    {
        await StoreAsync([1, 2, 3]);
        using (FileStream file = File.OpenWrite(Path.Combine(_folder, "medgen.db")))
        {
            file.Position = offset;
            file.Write(Enumerable.Repeat((byte)0xA5, offset == 0 ? 4096 : (int)file.Length - offset).ToArray());
        }

        string before = Picture();

        DataLossException error = Should.Throw<DataLossException>(() => Open());

        error.Reason.ShouldBe("DATABASE_DAMAGED");
        error.Message.ShouldContain(Path.Combine(_folder, "medgen.db"));
        error.Message.ShouldContain("backup");
        Picture().ShouldBe(before);
    }

    [Fact]
    public async Task Sweep_AfterACrash_DeletesWhatTheStoreMadeAndNothingElse()
    {
        Artifact kept = await StoreAsync([1]);
        string[] strange = ["work/thesis.csv", "work/sub/00000000000000000000000000000000.part", "artifacts/readme.txt", "artifacts/ff/notes", "jobs/mine/f", "checkpoints/mine.safetensors"];
        foreach (string path in strange)
        {
            Put(path);
        }

        string id = Guid.NewGuid().ToString("N");
        string orphan = new('f', 64);
        Put($"artifacts/ff/ff/{orphan}");
        foreach (string path in new[] { $"work/{orphan}.pending", $"work/{kept.Sha256}.pending", $"work/{id}.part", $"work/{id}.tar.tmp", $"work/.{id}.mp4.{id}.partial" })
        {
            Put(path);
        }

        using StorageFixture storage = new(_folder);
        storage.Services.GetRequiredService<StorageStart>().Sweep().ShouldBe(6);

        storage.ArtifactFiles.Order().ShouldBe(new[] { Full("artifacts/readme.txt"), Full("artifacts/ff/notes"), storage.ArtifactFiles.Single(path => path.EndsWith(kept.Sha256, StringComparison.Ordinal)) }.Order());
        strange.ShouldAllBe(path => File.Exists(Full(path)));
        storage.WorkFiles.ShouldBe([Full("work/thesis.csv")]);
    }

    [Fact]
    public async Task Sweep_JobsThatHaveEnded_LoseTheirFilesAndOthersKeepThem()
    {
        Open();
        string ended, open;
        using (StorageFixture storage = new(_folder))
        {
            ICheckpointStore checkpoints = storage.Services.GetRequiredService<ICheckpointStore>();
            string[] ids = new string[2];
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = (await storage.Jobs.CreateAsync(new NewJob { Kind = JobKind.Augmentation, Owner = "ann", Request = "{}" }, Token)).Id;
                storage.Artifacts.JobFolder(ids[i]);
                await checkpoints.SaveAsync(ids[i], new byte[] { 1 }, Token);
            }

            (ended, open) = (ids[0], ids[1]);
            await storage.Jobs.RequestCancelAsync(ended, Token);
        }

        using StorageFixture next = new(_folder);
        next.Services.GetRequiredService<StorageStart>().Sweep().ShouldBe(2);

        Directory.GetDirectories(Full("jobs")).ShouldBe([Full($"jobs/{open}")]);
        Directory.GetFiles(Full("checkpoints")).ShouldBe([Full($"checkpoints/{open}.safetensors")]);
        Directory.Exists(Full($"jobs/{ended}")).ShouldBeFalse();
    }

    [Fact]
    public async Task OpenReadOnly_FolderWithLeftovers_ShowsItsRecordsAndChangesNothing()
    {
        Artifact artifact = await StoreAsync([1, 2, 3]);
        Put($"work/{Guid.NewGuid():N}.part");
        string before = Picture();

        using (StorageFixture storage = new(_folder, readOnly: true))
        {
            using StorageFixture another = new(_folder, readOnly: true);
            (await storage.Artifacts.FindAsync(artifact.Id, Token)).ShouldBe(artifact);
            (await another.Artifacts.FindAsync(artifact.Id, Token)).ShouldBe(artifact);
            (await Should.ThrowAsync<FailedPreconditionException>(() => storage.Artifacts.DeleteAsync(artifact.Id, Token))).Reason.ShouldBe("DATA_FOLDER_READ_ONLY");
            Should.Throw<FailedPreconditionException>(() => Open()).Reason.ShouldBe("DATA_FOLDER_IN_USE");
        }

        Picture().ShouldBe(before);
    }

    [Fact]
    public async Task OpenReadOnly_LogOfACrash_IsRead()
    {
        Artifact artifact;
        string copy = Full("copy");
        using (StorageFixture storage = new(Full("first")))
        {
            artifact = await StoreAsync(storage, [1, 2, 3]);
            CopyFolder(Full("first"), copy);
        }

        new FileInfo(Path.Combine(copy, "medgen.db-wal")).Length.ShouldBeGreaterThan(0);
        using StorageFixture crashed = new(copy, readOnly: true);
        (await crashed.Artifacts.FindAsync(artifact.Id, Token)).ShouldBe(artifact);
    }

    [Fact]
    public void OpenReadOnly_NothingThere_IsRefusedAndMakesNothing()
    {
        Should.Throw<FailedPreconditionException>(() => Open(readOnly: true)).Reason.ShouldBe("DATA_FOLDER_MISSING");

        Directory.GetFileSystemEntries(_folder).ShouldBeEmpty();
    }

    private static async Task<Artifact> StoreAsync(StorageFixture storage, byte[] content) =>
        await storage.Artifacts.AddAsync(new NewArtifact { FileName = "clip.mp4", MediaType = "video/mp4", Owner = "ann" }, Chunks(content), Token);

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(byte[] content)
    {
        yield return content;
        await Task.CompletedTask;
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string path in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != DataFolder.LockName))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using FileStream source = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream copy = File.Create(target);
            source.CopyTo(copy);
        }
    }

    private async Task<Artifact> StoreAsync(byte[] content)
    {
        using StorageFixture storage = new(_folder);
        return await StoreAsync(storage, content);
    }

    private void Open(bool readOnly = false)
    {
        using StorageFixture storage = new(_folder, readOnly: readOnly);
        _ = storage.Jobs;
    }

    private FailedPreconditionException Refused(bool readOnly = false) => Should.Throw<FailedPreconditionException>(() => Open(readOnly));

    private string Full(string path) => Path.Combine(_folder, path);

    private void Put(string path, string content = "precious")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(path))!);
        File.WriteAllText(Full(path), content);
    }

    // Names, contents and times of everything in the folder.
    private string Picture() => string.Join('\n', new DirectoryInfo(_folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
        .Select(entry => $"{entry.FullName} {entry.LastWriteTimeUtc:O} {(entry is FileInfo file ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName))) : "")}"));
}

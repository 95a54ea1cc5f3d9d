using MedGen.Application.Artifacts;
using MedGen.Sdk.Errors;
using MedGen.Storage.Maintenance;

namespace MedGen.Storage.Tests.Maintenance;

public sealed class StoreUpkeepTests : IDisposable
{
    private readonly StorageFixture _storage = new(configure: options => options.ScrubBytesPerSecond = 1L << 30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _storage.Dispose();

    [Fact]
    public async Task RunAsync_DamagedContent_IsFoundAndStaysKnownOverARestartUntilTheNextScrub()
    {
        Artifact damaged = await _storage.AddAsync([1, 2, 3]);
        await _storage.AddAsync([4]);
        FolderPicture.Damage(_storage.ContentOf(damaged));

        await _storage.Upkeep.RunAsync(Token);
        _storage.Reopen();

        _storage.State.Read().ShouldSatisfyAllConditions(
            state => state.LostContents.ShouldBe(1), state => state.ScrubbedAt.ShouldBe(_storage.Time.GetUtcNow()));
        await _storage.AddAsync([1, 2, 3]);
        await _storage.Upkeep.RunAsync(Token);
        _storage.State.Read().LostContents.ShouldBe(1);
        _storage.Time.Advance(TimeSpan.FromDays(7));
        await _storage.Upkeep.RunAsync(Token);
        _storage.State.Read().LostContents.ShouldBe(0);
    }

    [Fact]
    public async Task RunAsync_ScrubThatBeganWhileTheClockWasAhead_IsNotTheLast()
    {
        Artifact damaged = await _storage.AddAsync([1, 2, 3]);
        _storage.Time.Set(TimeSpan.FromDays(400));
        await _storage.Upkeep.RunAsync(Token);
        _storage.Time.Set(TimeSpan.FromDays(-400));
        FolderPicture.Damage(_storage.ContentOf(damaged));

        await _storage.Upkeep.RunAsync(Token);

        _storage.State.Read().LostContents.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_Quarantine_LosesWhatIsOldEnoughAndNothingElse()
    {
        Artifact artifact = await _storage.AddAsync([1, 2, 3]);
        Quarantine quarantine = new(new DataPaths(_storage.Folder), _storage.Time);
        string first = quarantine.Add(_storage.ContentOf(artifact));
        _storage.Time.Advance(TimeSpan.FromDays(20));
        string strange = Path.Combine(_storage.Folder, "quarantine", "notes", "keep.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(strange)!);
        File.WriteAllText(strange, "mine");
        string second = quarantine.Add((await Add([5])).Path);
        _storage.Time.Advance(TimeSpan.FromDays(11));

        await _storage.Upkeep.RunAsync(Token);

        File.Exists(Path.Combine(_storage.Folder, first)).ShouldBeFalse();
        File.Exists(Path.Combine(_storage.Folder, second)).ShouldBeTrue();
        File.Exists(strange).ShouldBeTrue();

        async Task<(Artifact Artifact, string Path)> Add(byte[] content)
        {
            Artifact added = await _storage.AddAsync(content);
            return (added, _storage.ContentOf(added));
        }
    }

    [Fact]
    public async Task ReadAsync_OfMoreThanTheRate_Waits()
    {
        ReadRate rate = new(100, _storage.Time);
        await rate.ReadAsync(0, Token);

        ValueTask second = rate.ReadAsync(300, Token);

        second.IsCompleted.ShouldBeFalse();
        _storage.Time.Advance(TimeSpan.FromSeconds(3));
        await second;
    }

    [Fact]
    public async Task Run_OfTheStart_DamagedDatabase_IsRefused()
    {
        await _storage.AddAsync([1]);
        _storage.Close();
        string database = Path.Combine(_storage.Folder, "medgen.db");
        byte[] content = File.ReadAllBytes(database);

        // Where a page's cells begin: it opens, and reads as another one.
        content.AsSpan(4096 * (content.Length / 4096 - 1), 64).Fill(0x77);
        File.WriteAllBytes(database, content);
        _storage.Reopen();

        (await Should.ThrowAsync<DataLossException>(() => _storage.Start.StartingAsync(Token))).Reason.ShouldBe("DATABASE_DAMAGED");
    }
}

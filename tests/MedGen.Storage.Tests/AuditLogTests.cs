using System.Data.Common;
using MedGen.Storage.Tests.Databases;
using System.Text.Json;
using MedGen.Application.Auditing;
using MedGen.Sdk.Errors;
using MedGen.Application.Signing;
using MedGen.Storage.Auditing;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests;

public abstract class AuditLogTests : IDisposable
{
    private readonly TestDatabase _database;
    private readonly StorageFixture _storage;

    private protected AuditLogTests(TestDatabase database)
    {
        _database = database;
        _storage = new StorageFixture(database: database);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string AnchorFile => Path.Combine(_storage.Folder, "audit-anchor.json");

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task VerifyAsync_UntouchedLog_IsWholeAfterReopening()
    {
        await WriteAsync(5);
        _storage.Reopen();
        await WriteAsync(2);

        AuditVerification verification = await _storage.Audit.VerifyAsync(Token);

        verification.Faults.ShouldBeEmpty();
        (verification.Records, verification.LastSequence, verification.Checkpoints).ShouldBe((7, 7, 1));
        verification.LastHash.ShouldBe((await ReadAsync(6)).Single().Hash);
    }

    [Theory]
    [InlineData("UPDATE audit SET caller = 'eve' WHERE sequence = 3", 3, "RECORD_CHANGED")]
    [InlineData("UPDATE audit SET time_ticks = time_ticks + 1 WHERE sequence = 2", 2, "RECORD_CHANGED")]
    [InlineData("UPDATE audit SET address = '10.0.0.9' WHERE sequence = 4", 4, "RECORD_CHANGED")]
    [InlineData("UPDATE audit SET count = 2 WHERE sequence = 4", 4, "RECORD_CHANGED")]
    [InlineData("UPDATE audit SET version = 1 WHERE sequence = 4", 4, "RECORD_CHANGED")]
    [InlineData("DELETE FROM audit WHERE sequence = 2", 2, "RECORDS_MISSING")]
    [InlineData("DELETE FROM audit WHERE sequence > 3", 4, "TAIL_CUT")]
    [InlineData("DELETE FROM audit", 1, "TAIL_CUT")]
    public async Task VerifyAsync_ChangedBehindItsBack_SaysWhatAndWhere(string attack, long sequence, string reason)
    {
        await WriteAsync(5);
        Run($"DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; {attack}");

        (await _storage.Audit.VerifyAsync(Token)).Faults.Select(fault => (fault.Sequence, fault.Reason)).ShouldBe([(sequence, reason)]);
    }

    // Whoever knows how hashes are made can write a chain of their own, but not the host's word for it.
    [Fact]
    public async Task VerifyAsync_RewrittenWithGoodHashes_ContradictsTheAnchor()
    {
        await WriteAsync(2);
        AuditRecord last = (await ReadAsync(1)).Single();
        AuditRecord forged = last with { Entry = last.Entry with { Caller = "eve" } };
        Run($"DROP TRIGGER audit_no_update; UPDATE audit SET caller = 'eve', hash = '{forged.ComputeHash()}' WHERE sequence = 2");

        (await _storage.Audit.VerifyAsync(Token)).Faults.ShouldHaveSingleItem().Reason.ShouldBe("CHECKPOINT_MISMATCH");
        AuditCheckpoint anchor = JsonSerializer.Deserialize<AuditCheckpoint>(await File.ReadAllTextAsync(AnchorFile, Token), JsonSerializerOptions.Web)!;
        await File.WriteAllTextAsync(
            AnchorFile, JsonSerializer.Serialize(anchor with { Hash = forged.ComputeHash() }, JsonSerializerOptions.Web), Token);
        (await _storage.Audit.VerifyAsync(Token)).Faults.ShouldHaveSingleItem().Reason.ShouldBe("SIGNATURE_INVALID");
        File.Delete(AnchorFile);
        (await _storage.Audit.VerifyAsync(Token)).Faults.ShouldHaveSingleItem().Reason.ShouldBe("ANCHOR_MISSING");
    }

    // The anchor may lie on another machine's disk, which may be away.
    [Fact]
    public async Task Start_WithAnAnchorThatCannotBeRead_GoesOnAndSaysSo()
    {
        await WriteAsync(2);
        File.Delete(AnchorFile);
        Directory.CreateDirectory(AnchorFile);

        AuditCheck check = _storage.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<AuditCheck>().Single();
        await check.StartingAsync(Token);
        await check.RunAsync(Token);

        (await ReadAsync(2)).ShouldHaveSingleItem().Entry.Outcome.ShouldBe("ANCHOR_MISSING");
    }

    [Fact]
    public async Task Start_WithItsTailCut_SaysSoInTheLogForGood()
    {
        await WriteAsync(5);
        Run("DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE sequence > 3");
        _storage.Reopen();

        AuditCheck check = _storage.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<AuditCheck>().Single();
        await check.StartingAsync(Token);
        await check.RunAsync(Token);
        await check.RunAsync(Token);

        AuditRecord told = (await ReadAsync(3)).ShouldHaveSingleItem();
        (told.Entry.Action, told.Entry.Subject, told.Entry.Outcome).ShouldBe(("AuditBroken", "record:5", "TAIL_CUT"));
        (await _storage.Audit.VerifyAsync(Token)).Faults.ShouldHaveSingleItem().Sequence.ShouldBe(4);
        Directory.GetFiles(_storage.Folder, "audit-anchor.json.6*").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Start_WithAChangedRecord_SaysSoOnce()
    {
        await WriteAsync(5);
        Run("DROP TRIGGER audit_no_update; UPDATE audit SET outcome = 'ok' || 'ay' WHERE sequence = 2");

        AuditCheck check = _storage.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<AuditCheck>().Single();
        await check.StartingAsync(Token);
        await check.RunAsync(Token);
        await check.RunAsync(Token);

        AuditEntry told = (await ReadAsync(5)).ShouldHaveSingleItem().Entry;
        (told.Action, told.Subject, told.Outcome).ShouldBe(("AuditBroken", "record:2", "RECORD_CHANGED"));
    }

    [Fact]
    public async Task ArchiveAsync_OldRecords_LeaveTheDatabaseAndTheChainHolds()
    {
        await WriteAsync(3);
        _storage.Time.Advance(TimeSpan.FromDays(10));
        await WriteAsync(2);

        (await _storage.Audit.ArchiveAsync(_storage.Time.GetUtcNow() - TimeSpan.FromDays(5), Token)).ShouldBe(3);
        (await _storage.Audit.ArchiveAsync(_storage.Time.GetUtcNow() - TimeSpan.FromDays(5), Token)).ShouldBe(0);
        _storage.Reopen();
        await WriteAsync(1);

        string[] lines = await File.ReadAllLinesAsync(
            Path.Combine(_storage.Folder, "audit-archive", "000000000001-000000000003.jsonl"), Token);
        lines.Length.ShouldBe(4);
        lines[3].ShouldContain("signature");
        AuditVerification verification = await _storage.Audit.VerifyAsync(Token);
        verification.Faults.ShouldBeEmpty();
        (verification.Records, verification.LastSequence, verification.Checkpoints).ShouldBe((3, 6, 2));
        Should.Throw<DbException>(() => Run("DELETE FROM audit WHERE sequence = 4")).Message.ShouldContain("append-only");
    }

    [Theory]
    [InlineData("1-3", "CancelJob", "DeleteJob", 1, "RECORD_CHANGED")]
    [InlineData("1-3", "\"sequence\":2", "\"sequence\":9", 2, "RECORD_CHANGED")]
    [InlineData("4-5", "job:0", "job:7", 5, "RECORD_CHANGED")]
    [InlineData("4-5", "\"signature\":\"", "\"signature\":\"AAAA", 5, "SIGNATURE_INVALID")]
    [InlineData("1-3", "{\"folderId", "\"folderId", 4, "ARCHIVE_UNREADABLE")]
    public async Task VerifyAsync_OfAnArchiveThatWasChanged_SaysWhatAndWhere(string file, string text, string by, long sequence, string reason)
    {
        await ArchiveTwiceAsync();
        AuditVerification whole = await _storage.Audit.VerifyAsync(Token);
        whole.Faults.ShouldBeEmpty();
        (whole.Records, whole.ArchivedRecords).ShouldBe((1, 5));

        string path = ArchiveFile(file);
        string content = await File.ReadAllTextAsync(path, Token);
        content.ShouldContain(text);
        await File.WriteAllTextAsync(path, content.Replace(text, by, StringComparison.Ordinal), Token);

        AuditFault fault = (await _storage.Audit.VerifyAsync(Token)).Faults.ShouldHaveSingleItem();
        (fault.Sequence, fault.Reason).ShouldBe((sequence, reason));
        fault.Message.ShouldContain(Path.GetFileName(path));
    }

    // The disk is full, for instance: the host catches that, and keeps what it has.
    [Fact]
    public async Task ArchiveAsync_ToADiskThatRefuses_SaysSoAndKeepsTheRecords()
    {
        await WriteAsync(3);
        Directory.CreateDirectory(Path.Combine(_storage.Folder, "audit-archive", "000000000001-000000000002.jsonl.new"));
        _storage.Time.Advance(TimeSpan.FromDays(9));

        ResourceExhaustedException error = await Should.ThrowAsync<ResourceExhaustedException>(
            () => _storage.Audit.ArchiveAsync(_storage.Time.GetUtcNow(), Token));

        error.Reason.ShouldBe("DISK_NOT_WRITABLE");
        AuditVerification found = await _storage.Audit.VerifyAsync(Token);
        (found.IsWhole, found.Records).ShouldBe((true, 3));
    }

    [Fact]
    public async Task VerifyAsync_OfAnArchiveWithoutItsEnd_SaysSo()
    {
        await ArchiveTwiceAsync();
        string path = ArchiveFile("4-5");
        string[] lines = await File.ReadAllLinesAsync(path, Token);
        await File.WriteAllLinesAsync(path, lines[..^1], Token);
        (await _storage.Audit.VerifyAsync(Token)).Faults.ShouldHaveSingleItem().Reason.ShouldBe("TAIL_CUT");

        await File.WriteAllLinesAsync(path, lines[..1], Token);
        (await _storage.Audit.VerifyAsync(Token)).Faults.ShouldHaveSingleItem().Message.ShouldEndWith("ends before record 5.");
    }

    // Somebody may have put it on a tape.
    [Fact]
    public async Task VerifyAsync_OfAnArchiveThatWasMovedAway_IsWhole()
    {
        await ArchiveTwiceAsync();
        File.Delete(ArchiveFile("1-3"));

        AuditVerification found = await _storage.Audit.VerifyAsync(Token);

        found.Faults.ShouldBeEmpty();
        found.ArchivedRecords.ShouldBe(2);
    }

    // A crash came between the first file and the removal of its records: the next file begins with them, too.
    [Fact]
    public async Task VerifyAsync_OfArchivesThatOverlapAfterACrash_CountsEachRecordOnce()
    {
        await ArchiveTwiceAsync();
        string[] first = await File.ReadAllLinesAsync(ArchiveFile("1-3"), Token);
        string[] second = await File.ReadAllLinesAsync(ArchiveFile("4-5"), Token);
        await File.WriteAllLinesAsync(ArchiveFile("1-5"), [.. first[..^1], .. second], Token);
        File.Delete(ArchiveFile("4-5"));

        AuditVerification found = await _storage.Audit.VerifyAsync(Token);

        found.Faults.ShouldBeEmpty();
        (found.Records, found.ArchivedRecords).ShouldBe((1, 5));
    }

    // Whoever can compute hashes can write an archive of their own, but not the host's word for it.
    [Fact]
    public async Task VerifyAsync_OfAnArchiveFromAnotherFolder_IsNotSignedForThisOne()
    {
        await ArchiveTwiceAsync();
        using StorageFixture other = new();
        await ArchiveTwiceAsync(other);
        File.Copy(ArchiveFile("4-5", other), ArchiveFile("4-5"), overwrite: true);

        (await _storage.Audit.VerifyAsync(Token)).Faults.ShouldNotBeEmpty();
    }

    // The newest stays: the anchor names it.
    [Fact]
    public async Task ArchiveAsync_EverythingOld_KeepsTheNewestRecord()
    {
        await WriteAsync(3);

        (await _storage.Audit.ArchiveAsync(_storage.Time.GetUtcNow() + TimeSpan.FromDays(1), Token)).ShouldBe(2);

        (await _storage.Audit.VerifyAsync(Token)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadAsync_WithFilters_GivesWhatIsMeant()
    {
        DateTimeOffset start = _storage.Time.GetUtcNow();
        await AppendAsync(new AuditEntry { Caller = "ann", Action = "GetJob", Subject = "job:1", Outcome = "ok", Kind = AuditKind.Read, Tenant = "a" });
        _storage.Time.Advance(TimeSpan.FromHours(1));
        await AppendAsync(new AuditEntry { Caller = "bob", Action = "Login", Subject = "", Outcome = "EXPIRED", Kind = AuditKind.Login, Address = "10.0.0.7" });
        await AppendAsync(new AuditEntry { Caller = "ann", Action = "CancelJob", Subject = "job:12 job:1", Outcome = "ok", Tenant = "b" });

        (await Found(new AuditQuery { Caller = "ann" })).ShouldBe([1, 3]);
        (await Found(new AuditQuery { Kind = AuditKind.Login })).ShouldBe([2]);
        (await Found(new AuditQuery { Subject = "job:1" })).ShouldBe([1, 3]);
        (await Found(new AuditQuery { Subject = "job:12" })).ShouldBe([3]);
        (await Found(new AuditQuery { Tenant = "b" })).ShouldBe([3]);
        (await Found(new AuditQuery { Action = "Login", Outcome = "EXPIRED" })).ShouldBe([2]);
        (await Found(new AuditQuery { Before = start.AddMinutes(30) })).ShouldBe([1]);
        (await Found(new AuditQuery { From = start.AddMinutes(30), PageSize = 1 })).ShouldBe([2]);
        (await ReadAsync(1))[0].Entry.Address.ShouldBe("10.0.0.7");

        async Task<IEnumerable<long>> Found(AuditQuery query) => (await _storage.Audit.ReadAsync(query, Token)).Select(record => record.Sequence);
    }

    [Theory]
    [InlineData("UPDATE audit SET caller = 'eve'")]
    [InlineData("DELETE FROM audit")]
    public async Task Audit_ChangeThroughSql_IsRefused(string statement)
    {
        await WriteAsync(1);

        Should.Throw<DbException>(() => Run(statement)).Message.ShouldContain("append-only");
    }

    [Fact]
    public void HostKey_OfAFolder_IsMadeOnceForItsUserOnly()
    {
        IHostKey key = _storage.Services.GetRequiredService<IHostKey>();
        string signature = key.Sign("text"u8);
        string id = key.Id;
        _storage.Reopen();
        key = _storage.Services.GetRequiredService<IHostKey>();

        key.Id.ShouldBe(id);
        key.Verify("text"u8, signature).ShouldBeTrue();
        key.Verify("test"u8, signature).ShouldBeFalse();
        key.Verify("text"u8, "no signature").ShouldBeFalse();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(_storage.Folder, "host-key.pem")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    // Records 1 to 3 and 4 to 5 in archives, 6 in the log.
    private async Task ArchiveTwiceAsync(StorageFixture? storage = null)
    {
        storage ??= _storage;
        foreach (int count in new[] { 4, 2 })
        {
            await WriteAsync(count, storage);
            await storage.Audit.ArchiveAsync(storage.Time.GetUtcNow() + TimeSpan.FromDays(1), Token);
        }
    }

    private string ArchiveFile(string name, StorageFixture? storage = null) => Path.Combine(
        (storage ?? _storage).Folder, "audit-archive", string.Join('-', name.Split('-').Select(part => part.PadLeft(12, '0'))) + ".jsonl");

    private async Task WriteAsync(int count, StorageFixture? storage = null)
    {
        for (int i = 0; i < count; i++)
        {
            await (storage ?? _storage).Audit.AppendAsync(new AuditEntry { Caller = "ann", Action = "CancelJob", Subject = $"job:{i}", Outcome = "ok" }, Token);
        }
    }

    private Task<AuditRecord> AppendAsync(AuditEntry entry) => _storage.Audit.AppendAsync(entry, Token);

    private Task<IReadOnlyList<AuditRecord>> ReadAsync(long after) => _storage.Audit.ReadAsync(new AuditQuery { AfterSequence = after }, Token);

    private void Run(string sql) => _database.Run(_storage.Folder, sql);
}

using MedGen.Application.Auditing;
using Microsoft.Data.Sqlite;

namespace MedGen.Storage.Tests;

public sealed class SqliteAuditLogTests : IDisposable
{
    private readonly StorageFixture _storage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _storage.Dispose();

    [Fact]
    public async Task VerifyAsync_UntouchedLog_IsWholeAfterReopening()
    {
        await Write(5);
        _storage.Reopen();
        await Write(2);

        AuditVerification verification = await _storage.Audit.VerifyAsync(Token);

        verification.FirstBroken.ShouldBeNull();
        verification.Records.ShouldBe(7);
        verification.LastHash.ShouldBe((await _storage.Audit.ReadAsync(6, 1, Token))[0].Hash);
    }

    [Theory]
    [InlineData("UPDATE audit SET caller = 'eve' WHERE sequence = 3", 3)]
    [InlineData("UPDATE audit SET time_ticks = time_ticks + 1 WHERE sequence = 2", 2)]
    [InlineData("DELETE FROM audit WHERE sequence = 2", 3)]
    public async Task VerifyAsync_ChangedBehindItsBack_NamesTheFirstBrokenRecord(string attack, long broken)
    {
        await Write(5);
        Run($"DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; {attack}");

        (await _storage.Audit.VerifyAsync(Token)).FirstBroken.ShouldBe(broken);
    }

    [Theory]
    [InlineData("UPDATE audit SET caller = 'eve'")]
    [InlineData("DELETE FROM audit")]
    public async Task Audit_ChangeThroughSql_IsRefused(string statement)
    {
        await Write(1);

        Should.Throw<SqliteException>(() => Run(statement)).Message.ShouldContain("append-only");
    }

    private async Task Write(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _storage.Audit.AppendAsync(new AuditEntry { Caller = "ann", Action = "CancelJob", Subject = $"job:{i}", Outcome = "ok" }, Token);
        }
    }

    private void Run(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(_storage.Folder, "medgen.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

using MedGen.Application.Access;
using MedGen.Storage.Database;

namespace MedGen.Storage.Access;

/// <summary>Shares in the database; triggers remove them with what was shared.</summary>
internal sealed class ShareStore(StoreDatabase database) : IShareStore
{
    public Task AddAsync(IReadOnlyList<string> items, string subject, CancellationToken cancellationToken) =>
        WriteAsync("INSERT INTO shares (item, subject) VALUES (@item, @subject) ON CONFLICT DO NOTHING", items, subject, cancellationToken);

    public Task RemoveAsync(IReadOnlyList<string> items, string subject, CancellationToken cancellationToken) =>
        WriteAsync("DELETE FROM shares WHERE item = @item AND subject = @subject", items, subject, cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(string item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<string>>(database.Read(session => session.Query(
            "SELECT subject FROM shares WHERE item = @item ORDER BY subject", row => row.GetString(0), ("@item", item))));
    }

    public Task<bool> IsSharedAsync(string item, Caller caller, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session => session.Scalar<long>(
            "SELECT count(*) FROM shares WHERE item = @item AND subject IN (@caller, @tenant)",
            ("@item", item),
            ("@caller", $"caller:{caller.Name}"),
            ("@tenant", $"tenant:{caller.Tenant}")) > 0));
    }

    private Task<int> WriteAsync(string statement, IReadOnlyList<string> items, string subject, CancellationToken cancellationToken) =>
        database.WriteAsync(session => items.Sum(item => session.Execute(statement, ("@item", item), ("@subject", subject))),
            cancellationToken);
}

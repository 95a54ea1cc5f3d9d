namespace MedGen.Application.Access;

/// <summary>
/// What owners have shared: an item (<c>job:…</c>, <c>artifact:…</c>) with a subject (<c>caller:NAME</c> or <c>tenant:NAME</c>). Shares go with
/// their item.
/// </summary>
public interface IShareStore
{
    /// <summary>Shares items; what is shared already stays so.</summary>
    /// <param name="items">The items.</param>
    /// <param name="subject">With whom.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Completes when it is written.</returns>
    Task AddAsync(IReadOnlyList<string> items, string subject, CancellationToken cancellationToken);

    /// <summary>Takes shares back; what is not shared stays so.</summary>
    /// <param name="items">The items.</param>
    /// <param name="subject">With whom they were shared.</param>
    /// <param name="cancellationToken">Gives up before the write.</param>
    /// <returns>Completes when it is written.</returns>
    Task RemoveAsync(IReadOnlyList<string> items, string subject, CancellationToken cancellationToken);

    /// <summary>With whom an item is shared.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The subjects, sorted.</returns>
    Task<IReadOnlyList<string>> ListAsync(string item, CancellationToken cancellationToken);

    /// <summary>Whether an item is shared with a caller, by name or by tenant.</summary>
    /// <param name="item">The item.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is.</returns>
    Task<bool> IsSharedAsync(string item, Caller caller, CancellationToken cancellationToken);
}

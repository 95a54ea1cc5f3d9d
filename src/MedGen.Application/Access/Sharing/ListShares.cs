using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Access.Sharing;

/// <summary>With whom a job or an artifact is shared, sorted. For its owner and for administrators.</summary>
public sealed record ListShares : IRequest<IReadOnlyList<string>>, IAuditedMessage
{
    /// <summary>The item: <c>job:ID</c> or <c>artifact:ID</c>.</summary>
    [SharedItem]
    public required string Item { get; init; }

    string? IAuditedMessage.AuditSubject => Item;
}

internal sealed class ListSharesHandler(SharedItems items, IShareStore shares) : IRequestHandler<ListShares, IReadOnlyList<string>>
{
    public async Task<IReadOnlyList<string>> Handle(ListShares request, CancellationToken cancellationToken)
    {
        await items.RequireOwnAsync(request.Item, cancellationToken).ConfigureAwait(false);
        return await shares.ListAsync(request.Item, cancellationToken).ConfigureAwait(false);
    }
}

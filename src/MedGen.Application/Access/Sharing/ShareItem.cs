using System.ComponentModel.DataAnnotations;
using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Access.Sharing;

/// <summary>
/// Shares a job, with its events and the artifacts that it has made so far, or an artifact. For its owner and for administrators. Answers with whom
/// it is shared then.
/// </summary>
public sealed record ShareItem : IRequest<IReadOnlyList<string>>, IAuditedMessage
{
    /// <summary>What to share: <c>job:ID</c> or <c>artifact:ID</c>.</summary>
    [SharedItem]
    public required string Item { get; init; }

    /// <summary>With whom: <c>caller:NAME</c> or <c>tenant:NAME</c>.</summary>
    [StringLength(210), RegularExpression(@"(caller|tenant):[^\p{Cc}\s]{1,200}", ErrorMessage = "caller:NAME or tenant:NAME")]
    public required string Subject { get; init; }

    string? IAuditedMessage.AuditSubject => $"{Item} {Subject}";
}

internal sealed class ShareItemHandler(SharedItems items, IShareStore shares) : IRequestHandler<ShareItem, IReadOnlyList<string>>
{
    public async Task<IReadOnlyList<string>> Handle(ShareItem request, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> all = await items.RequireOwnAsync(request.Item, cancellationToken).ConfigureAwait(false);
        await shares.AddAsync(all, request.Subject, cancellationToken).ConfigureAwait(false);
        return await shares.ListAsync(request.Item, cancellationToken).ConfigureAwait(false);
    }
}

using System.ComponentModel.DataAnnotations;
using MedGen.Application.Auditing;
using MediatR;

namespace MedGen.Application.Access.Sharing;

/// <summary>
/// Takes a share of a job and of its artifacts, or of an artifact, back. For its owner and for administrators. Answers with whom it is still shared.
/// </summary>
public sealed record UnshareItem : IRequest<IReadOnlyList<string>>, IAuditedMessage
{
    /// <summary>What is shared: <c>job:ID</c> or <c>artifact:ID</c>.</summary>
    [SharedItem]
    public required string Item { get; init; }

    /// <summary>With whom: <c>caller:NAME</c> or <c>tenant:NAME</c>.</summary>
    [StringLength(210), RegularExpression(@"(caller|tenant):[^\p{Cc}\s]{1,200}", ErrorMessage = "caller:NAME or tenant:NAME")]
    public required string Subject { get; init; }

    string? IAuditedMessage.AuditSubject => $"{Item} {Subject}";
}

internal sealed class UnshareItemHandler(SharedItems items, IShareStore shares) : IRequestHandler<UnshareItem, IReadOnlyList<string>>
{
    public async Task<IReadOnlyList<string>> Handle(UnshareItem request, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> all = await items.RequireOwnAsync(request.Item, cancellationToken).ConfigureAwait(false);
        await shares.RemoveAsync(all, request.Subject, cancellationToken).ConfigureAwait(false);
        return await shares.ListAsync(request.Item, cancellationToken).ConfigureAwait(false);
    }
}

using MedGen.Application.Access;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Auditing.Requests;

/// <summary>Records of the audit log, oldest first, page by page; an auditor of one tenant sees those of that tenant.</summary>
public sealed record ListAuditRecords : AuditQuery, IRequest<IReadOnlyList<AuditRecord>>, IAuditedMessage
{
    string? IAuditedMessage.AuditSubject => null;
}

internal sealed class ListAuditRecordsHandler(IAuditLog audit, CallerContext context)
    : IRequestHandler<ListAuditRecords, IReadOnlyList<AuditRecord>>
{
    public Task<IReadOnlyList<AuditRecord>> Handle(ListAuditRecords request, CancellationToken cancellationToken)
    {
        Caller caller = context.Require();
        if (!caller.IsOfAllTenants && request.Tenant is { } other && other != caller.Tenant)
        {
            throw new AccessDeniedException($"This caller audits the tenant '{caller.Tenant}' only.");
        }

        return audit.ReadAsync(caller.IsOfAllTenants ? request : request with { Tenant = caller.Tenant }, cancellationToken);
    }
}

using MediatR;

namespace MedGen.Application.Auditing.Requests;

/// <summary>Whether the audit log is as it was written. Reads all of it.</summary>
public sealed record VerifyAudit : IRequest<AuditVerification>, IAuditedMessage
{
    string? IAuditedMessage.AuditSubject => null;
}

internal sealed class VerifyAuditHandler(IAuditLog audit) : IRequestHandler<VerifyAudit, AuditVerification>
{
    public Task<AuditVerification> Handle(VerifyAudit request, CancellationToken cancellationToken) => audit.VerifyAsync(cancellationToken);
}

using MedGen.Application.Access;

namespace MedGen.Application.Auditing;

/// <summary>The audit entry of a message.</summary>
internal static class MessageEntry
{
    public static AuditEntry Of<TRequest>(TRequest request, Caller? caller, string outcome, IAuditedAnswer? answer = null)
    {
        string operation = OperationAttribute.Of(typeof(TRequest));
        string?[] subjects = [(request as IAuditedMessage)?.AuditSubject, answer?.AuditSubject];
        return new AuditEntry
        {
            Caller = caller?.Name ?? AuditEntry.Anonymous,
            Action = operation,
            Subject = string.Join(' ', subjects.Where(subject => subject is not null).Distinct()),
            Outcome = outcome,
            Kind = AccessPolicy.Default.Find(operation)?.Kind ?? AuditKind.Change,
            Tenant = caller?.Tenant ?? "",
            Address = caller?.Address ?? "",
        };
    }
}

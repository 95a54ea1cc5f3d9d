namespace MedGen.Application.Auditing;

/// <summary>A message that leaves an entry in the audit log, whatever its outcome.</summary>
public interface IAuditedMessage
{
    /// <summary>Ids of what the message touches, for instance <c>artifact:…</c>; null: nothing that exists yet. Never prompts or content.</summary>
    string? AuditSubject { get; }
}

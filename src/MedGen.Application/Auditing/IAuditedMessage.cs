namespace MedGen.Application.Auditing;

/// <summary>A message about something that the audit log names beside it; every message leaves an entry there, whatever its outcome.</summary>
public interface IAuditedMessage
{
    /// <summary>Ids of what the message touches, for instance <c>artifact:…</c>; null: nothing that exists yet. Never prompts or content.</summary>
    string? AuditSubject { get; }
}

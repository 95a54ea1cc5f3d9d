namespace MedGen.Application.Auditing;

/// <summary>An answer about one thing, which the audit log names.</summary>
public interface IAuditedAnswer
{
    /// <summary>Id of the thing, for instance <c>job:…</c>.</summary>
    string AuditSubject { get; }
}

namespace MedGen.Application.Auditing;

/// <summary>Who did what to which thing, and how it ended. Never prompts, file names or content.</summary>
public sealed record AuditEntry
{
    /// <summary>Name of the caller; <c>anonymous</c> when nobody knows, <c>system</c> for the platform itself.</summary>
    public required string Caller { get; init; }

    /// <summary>Name of the message or of what happened, for instance <c>CancelJob</c> or <c>JobEnded</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Ids of what was touched, as <c>type:id</c>, separated by spaces; empty: nothing.</summary>
    public required string Subject { get; init; }

    /// <summary><c>ok</c>, or the reason code of the error.</summary>
    public required string Outcome { get; init; }
}

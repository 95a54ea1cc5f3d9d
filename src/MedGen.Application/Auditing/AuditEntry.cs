namespace MedGen.Application.Auditing;

/// <summary>Who did what to which thing, from where, and how it ended. Never prompts, file names or content.</summary>
public sealed record AuditEntry
{
    /// <summary><see cref="Caller"/> when nobody knows who calls.</summary>
    public const string Anonymous = "anonymous";

    /// <summary><see cref="Caller"/> when the platform itself acts.</summary>
    public const string System = "system";

    /// <summary><see cref="Caller"/> and <see cref="Address"/> of an entry that stands for many of them.</summary>
    public const string Many = "many";

    /// <summary>Name of the caller, or <see cref="Anonymous"/>, or <see cref="System"/>.</summary>
    public required string Caller { get; init; }

    /// <summary>Name of the operation or of what happened, for instance <c>CancelJob</c>, <c>Login</c> or <c>JobEnded</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Ids of what was touched, as <c>type:id</c>, separated by spaces; empty: nothing.</summary>
    public required string Subject { get; init; }

    /// <summary><c>ok</c>, or the reason code of the error.</summary>
    public required string Outcome { get; init; }

    /// <summary>What kind of thing happened.</summary>
    public AuditKind Kind { get; init; } = AuditKind.Change;

    /// <summary>Tenant of the caller; empty: none, or not known.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Address of the caller's machine; empty: not known, or this process.</summary>
    public string Address { get; init; } = "";

    /// <summary>How often it happened, at least 1: what repeats within a minute is written as one more entry.</summary>
    public int Count { get; init; } = 1;
}

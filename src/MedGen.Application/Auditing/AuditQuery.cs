using System.ComponentModel.DataAnnotations;
using MedGen.Application.Validation;

namespace MedGen.Application.Auditing;

/// <summary>Which records are meant, and which page of them; oldest first.</summary>
public record AuditQuery
{
    /// <summary>Only of this caller; null: of anybody.</summary>
    [PlainName]
    public string? Caller { get; init; }

    /// <summary>Only of this operation or event, for instance <c>DownloadArtifact</c>; null: any.</summary>
    [Identifier]
    public string? Action { get; init; }

    /// <summary>Only about this thing, for instance <c>job:ID</c>; null: about anything.</summary>
    [PlainName]
    public string? Subject { get; init; }

    /// <summary>Only of this kind; null: of any.</summary>
    [EnumDataType(typeof(AuditKind))]
    public AuditKind? Kind { get; init; }

    /// <summary>Only of this tenant; null: of any that the caller may see.</summary>
    [PlainName]
    public string? Tenant { get; init; }

    /// <summary>Only with this outcome, for instance <c>ok</c> or <c>ACCESS_DENIED</c>; null: any.</summary>
    [Identifier]
    public string? Outcome { get; init; }

    /// <summary>Only from this time on; null: from the first.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only before this time; null: up to the newest.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only records after this one; 0: from the beginning. At least 0.</summary>
    [Range(typeof(long), "0", "9223372036854775807")]
    public long AfterSequence { get; init; }

    /// <summary>Largest number of records in the page, 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int PageSize { get; init; } = 100;
}

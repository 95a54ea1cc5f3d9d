using MedGen.Protos.V1;

namespace MedGen.Cli.Auditing;

/// <summary>What a record is in the codes that FHIR and ATNA share: those of DICOM PS3.16, CID 400 and 401, and of RFC 3881.</summary>
internal static class AuditMeaning
{
    /// <summary>The event, a code of DICOM; what DICOM has none for is an application activity.</summary>
    public static (string Code, string Text) EventOf(AuditRecord record) => record switch
    {
        { Kind: AuditKind.Login } => ("110114", "User Authentication"),
        { Action: "UploadArtifact" } => ("110107", "Import"),
        { Action: "DownloadArtifact" } => ("110106", "Export"),
        { Action: "ListAuditRecords" or "VerifyAudit" } => ("110101", "Audit Log Used"),
        _ => ("110100", "Application Activity"),
    };

    /// <summary>Create, read, delete, or execute.</summary>
    public static string ActionOf(AuditRecord record) => record switch
    {
        { Kind: AuditKind.Read } => "R",
        { Action: "UploadArtifact" } => "C",
        { Action: "DeleteArtifact" or "EraseArtifacts" or "ArtifactsRemoved" or "JobsRemoved" } => "D",
        _ => "E",
    };

    /// <summary>0 success, 4 minor failure (refused), 8 serious failure (of the host).</summary>
    public static string OutcomeOf(AuditRecord record) => record.Outcome switch { "ok" => "0", "INTERNAL" => "8", _ => "4" };
}

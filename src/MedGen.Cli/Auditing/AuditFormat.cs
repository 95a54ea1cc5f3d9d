namespace MedGen.Cli.Auditing;

/// <summary>How records are written for other systems.</summary>
internal enum AuditFormat
{
    /// <summary>A JSON object a line, as the RPC gives it.</summary>
    Jsonl,

    /// <summary>RFC 5424, a message a line.</summary>
    Syslog,

    /// <summary>FHIR R4 AuditEvent, a JSON object a line.</summary>
    Fhir,

    /// <summary>The audit message of DICOM PS3.15 (IHE ATNA), an XML document a line.</summary>
    Atna,
}

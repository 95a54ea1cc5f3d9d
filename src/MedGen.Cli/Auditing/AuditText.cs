using Google.Protobuf;
using MedGen.Protos.V1;

namespace MedGen.Cli.Auditing;

/// <summary>Writes a record as one line.</summary>
internal static class AuditText
{
    public static string Of(AuditRecord record, AuditFormat format) => format switch
    {
        AuditFormat.Syslog => AuditSyslog.Format(record),
        AuditFormat.Fhir => AuditFhir.Format(record),
        AuditFormat.Atna => AuditAtna.Format(record),
        _ => JsonFormatter.Default.Format(record),
    };
}

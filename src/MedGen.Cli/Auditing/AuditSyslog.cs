using System.Globalization;
using System.Text;
using MedGen.Protos.V1;

namespace MedGen.Cli.Auditing;

/// <summary>
/// A record as a message of RFC 5424: facility 13 (log audit), severity notice, or warning where something was refused or went wrong.
/// </summary>
internal static class AuditSyslog
{
    private const int LogAudit = 13;
    private const int Warning = 4;
    private const int Notice = 5;

    // RFC 5612's number for documentation: the platform has no enterprise number of its own.
    private const string ElementId = "medgen@32473";

    public static string Format(AuditRecord record)
    {
        int priority = (LogAudit * 8) + (record.Outcome == "ok" ? Notice : Warning);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"<{priority}>1 {record.Time.ToDateTime():yyyy-MM-ddTHH:mm:ss.ffffffZ} - medgen - ");
        text.Append(CultureInfo.InvariantCulture, $"{MessageId(record.Action)} [{ElementId}");
        foreach ((string name, string value) in Parameters(record).Where(parameter => parameter.Value.Length > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $" {name}=\"{Escape(value)}\"");
        }

        return text.Append(CultureInfo.InvariantCulture, $"] {record.Action} {record.Outcome}").ToString();
    }

    private static (string Name, string Value)[] Parameters(AuditRecord record) =>
    [
        ("sequence", record.Sequence.ToString(CultureInfo.InvariantCulture)),
        ("caller", record.Caller),
        ("tenant", record.Tenant),
        ("address", record.Address),
        ("kind", record.Kind.ToString().ToLowerInvariant()),
        ("subject", record.Subject),
        ("outcome", record.Outcome),
        ("count", record.Count.ToString(CultureInfo.InvariantCulture)),
        ("hash", record.Hash),
    ];

    private static string MessageId(string action)
    {
        string printable = string.Concat(action.Where(c => c is > ' ' and < (char)127).Take(32));
        return printable.Length > 0 ? printable : "-";
    }

    private static string Escape(string value) => string.Concat(value.Select(c => c switch
    {
        '"' or '\\' or ']' => $"\\{c}",
        _ when char.IsControl(c) => " ",
        _ => c.ToString(),
    }));
}

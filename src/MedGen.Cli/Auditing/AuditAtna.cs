using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using MedGen.Protos.V1;

namespace MedGen.Cli.Auditing;

/// <summary>
/// A record as an audit message of DICOM PS3.15, A.5 (which IHE ATNA uses), XML without line breaks. An operation of this host that DICOM has no
/// event for is an application activity; its name is the event's type.
/// </summary>
internal static class AuditAtna
{
    private const string Dicom = "DCM";

    public static string Format(AuditRecord record) => new XElement(
        "AuditMessage",
        new XElement(
            "EventIdentification",
            new XAttribute("EventActionCode", ActionOf(record)),
            new XAttribute("EventDateTime", record.Time.ToDateTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
            new XAttribute("EventOutcomeIndicator", OutcomeOf(record.Outcome)),
            EventOf(record),
            Coded("EventTypeCode", record.Action, "medgen", record.Action),
            new XElement(
                "EventOutcomeDescription",
                Text(record.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{record.Outcome}, {record.Count} times") : record.Outcome))),
        ParticipantOf(record),
        new XElement(
            "AuditSourceIdentification",
            new XAttribute("AuditSourceID", "medgen"),
            new XElement("AuditSourceTypeCode", new XAttribute("csd-code", "4"))),
        record.Subject.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(subject => Object(subject, subject)),

        // The chain goes along: whoever keeps the export can tell that nothing is missing in it.
        Object($"record:{record.Sequence.ToString(CultureInfo.InvariantCulture)}", $"sha256:{record.Hash}")).ToString(SaveOptions.DisableFormatting);

    private static XElement EventOf(AuditRecord record) => record switch
    {
        { Kind: AuditKind.Login } => Coded("EventID", "110114", Dicom, "User Authentication"),
        { Action: "UploadArtifact" } => Coded("EventID", "110107", Dicom, "Import"),
        { Action: "DownloadArtifact" } => Coded("EventID", "110106", Dicom, "Export"),
        { Action: "ListAuditRecords" or "VerifyAudit" } => Coded("EventID", "110101", Dicom, "Audit Log Used"),
        _ => Coded("EventID", "110100", Dicom, "Application Activity"),
    };

    private static string ActionOf(AuditRecord record) => record.Kind switch
    {
        AuditKind.Read => "R",
        AuditKind.Change when record.Action.StartsWith("Upload", StringComparison.Ordinal) => "C",
        AuditKind.Change when record.Action.StartsWith("Delete", StringComparison.Ordinal)
            || record.Action.StartsWith("Erase", StringComparison.Ordinal) => "D",
        _ => "E",
    };

    // 0 success, 4 minor failure (refused), 8 serious failure (of the host).
    private static string OutcomeOf(string outcome) => outcome switch { "ok" => "0", "INTERNAL" => "8", _ => "4" };

    private static XElement ParticipantOf(AuditRecord record) => new(
        "ActiveParticipant",
        new XAttribute("UserID", Text(record.Caller)),
        new XAttribute("UserIsRequestor", record.Caller == "system" ? "false" : "true"),
        record.Address.Length == 0
            ? null
            : new[] { new XAttribute("NetworkAccessPointID", Text(record.Address)), new XAttribute("NetworkAccessPointTypeCode", "2") });

    // A system object (2) of another kind than those that the standard lists, named by a text of this host.
    private static XElement Object(string id, string detail) => new(
        "ParticipantObjectIdentification",
        new XAttribute("ParticipantObjectID", Text(id)),
        new XAttribute("ParticipantObjectTypeCode", "2"),
        new XAttribute("ParticipantObjectTypeCodeRole", id.StartsWith("job:", StringComparison.Ordinal) ? "20" : "4"),
        Coded("ParticipantObjectIDTypeCode", "medgen-id", "medgen", "Identifier of the host"),
        new XElement("ParticipantObjectName", Text(detail)));

    private static XElement Coded(string name, string code, string system, string text) => new(
        name, new XAttribute("csd-code", Text(code)), new XAttribute("codeSystemName", system), new XAttribute("originalText", Text(text)));

    // Some characters cannot stand in XML at all.
    private static string Text(string value) => string.Concat(value.Select(c => XmlConvert.IsXmlChar(c) ? c : ' '));
}

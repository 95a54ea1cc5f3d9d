using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using MedGen.Protos.V1;

namespace MedGen.Cli.Auditing;

/// <summary>
/// A record as an audit message of DICOM PS3.15, A.5 (which IHE ATNA uses), XML without line breaks. An operation of this host that DICOM has no
/// event for is an application activity; its name is the event's type. What A.5.3 asks of single events beyond the schema, such as the receiver of an
/// export, the host does not know.
/// </summary>
internal static class AuditAtna
{
    private const string Dicom = "DCM";

    public static string Format(AuditRecord record) => new XElement(
        "AuditMessage",
        new XElement(
            "EventIdentification",
            new XAttribute("EventActionCode", AuditMeaning.ActionOf(record)),
            new XAttribute("EventDateTime", record.Time.ToDateTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
            new XAttribute("EventOutcomeIndicator", AuditMeaning.OutcomeOf(record)),
            EventOf(record),
            record.Kind == AuditKind.Login ? Coded("EventTypeCode", "110122", Dicom, "Login") : null,
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

    private static XElement EventOf(AuditRecord record)
    {
        (string code, string text) = AuditMeaning.EventOf(record);
        return Coded("EventID", code, Dicom, text);
    }

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

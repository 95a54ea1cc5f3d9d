using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedGen.Protos.V1;

namespace MedGen.Cli.Auditing;

/// <summary>A record as a FHIR R4 AuditEvent; what it is about is named by identifiers of this host, as it holds no FHIR resources.</summary>
internal static class AuditFhir
{
    private const string Dicom = "http://dicom.nema.org/resources/ontology/DCM";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Format(AuditRecord record) => new JsonObject
    {
        ["resourceType"] = "AuditEvent",
        ["id"] = $"medgen-{record.Sequence}",
        ["type"] = TypeOf(record),
        ["subtype"] = new JsonArray(new JsonObject { ["system"] = "urn:medgen:operation", ["code"] = record.Action, ["display"] = record.Action }),
        ["action"] = AuditMeaning.ActionOf(record),
        ["recorded"] = record.Time.ToDateTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", null),
        ["outcome"] = AuditMeaning.OutcomeOf(record),
        ["outcomeDesc"] = record.Count > 1 ? $"{record.Outcome}, {record.Count} times" : record.Outcome,
        ["agent"] = new JsonArray(AgentOf(record)),
        ["source"] = new JsonObject
        {
            ["observer"] = new JsonObject { ["display"] = "MedGen host" },
            ["type"] = new JsonArray(Coding("http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server")),
        },
        ["entity"] = Entities(record),
    }.ToJsonString(Json);

    private static JsonObject TypeOf(AuditRecord record)
    {
        (string code, string text) = AuditMeaning.EventOf(record);
        return Coding(Dicom, code, text);
    }

    private static JsonObject AgentOf(AuditRecord record)
    {
        JsonObject agent = new()
        {
            ["who"] = new JsonObject { ["identifier"] = Identifier("caller", record.Caller) },
            ["requestor"] = record.Caller != "system",
        };
        if (record.Address.Length > 0)
        {
            agent["network"] = new JsonObject { ["address"] = record.Address, ["type"] = "2" };
        }

        return agent;
    }

    private static JsonArray Entities(AuditRecord record)
    {
        JsonArray entities = [];
        foreach (string subject in record.Subject.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            entities.Add(new JsonObject { ["what"] = new JsonObject { ["identifier"] = Identifier("subject", subject) } });
        }

        // The chain goes along: whoever keeps the export can tell that nothing is missing in it.
        entities.Add(new JsonObject { ["what"] = new JsonObject { ["identifier"] = Identifier("audit-record-sha256", record.Hash) } });
        return entities;
    }

    private static JsonObject Identifier(string kind, string value) => new() { ["system"] = $"urn:medgen:{kind}", ["value"] = value };

    private static JsonObject Coding(string system, string code, string display) =>
        new() { ["system"] = system, ["code"] = code, ["display"] = display };
}

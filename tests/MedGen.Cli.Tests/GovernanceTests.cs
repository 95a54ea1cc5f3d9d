using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Google.Protobuf.WellKnownTypes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using MedGen.Cli.Auditing;
using MedGen.Protos.V1;
using Microsoft.Data.Sqlite;

namespace MedGen.Cli.Tests;

/// <summary>Where clips come from, and who did what, as their users ask for it.</summary>
public sealed partial class GovernanceTests : IDisposable
{
    private static readonly JsonSerializerOptions Fhir = new JsonSerializerOptions().ForFhir(ModelInfo.ModelInspector);

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-cli-").FullName;

    private string Data => Path.Combine(_folder, "data");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Long]
    public async System.Threading.Tasks.Task Provenance_OfAGeneratedClip_HoldsUntilTheFramesChange()
    {
        string clip = await GenerateAsync();

        (int exitCode, string output, _) = await MedGenCommand.RunAsync("provenance", "verify", clip, "--json");
        exitCode.ShouldBe(0);
        JsonElement found = JsonDocument.Parse(output).RootElement;
        found.GetProperty("valid").GetBoolean().ShouldBeTrue();
        found.GetProperty("said").GetProperty("made").GetProperty("seed").GetInt64().ShouldBe(7);
        string key = found.GetProperty("keyId").GetString()!;
        (await MedGenCommand.RunAsync("provenance", "verify", clip, "--key", key)).ExitCode.ShouldBe(0);
        (await MedGenCommand.RunAsync("provenance", "verify", clip, "--key", new string('0', 64))).ExitCode.ShouldBe(1);

        // Another container with the same frames: what is at the end of the file is lost, what is beside it is not.
        string copied = Path.Combine(_folder, "copied.mp4");
        await FFmpegAsync("-i", clip, "-c", "copy", copied);
        (await MedGenCommand.RunAsync("provenance", "verify", copied)).ExitCode.ShouldBe(1);
        File.Copy(clip + ".provenance.json", copied + ".provenance.json");
        (await MedGenCommand.RunAsync("provenance", "verify", copied)).ExitCode.ShouldBe(0);

        string altered = Path.Combine(_folder, "altered.mp4");
        await FFmpegAsync("-i", clip, "-vf", "negate", altered);
        File.Copy(clip + ".provenance.json", altered + ".provenance.json");
        (exitCode, output, _) = await MedGenCommand.RunAsync("provenance", "verify", altered);
        exitCode.ShouldBe(1);
        output.ShouldContain("The frames are not those that were signed.");
    }

    [Fact, Long]
    public async System.Threading.Tasks.Task Audit_OfADataFolder_IsListedVerifiedAndExported()
    {
        await GenerateAsync();

        (int exitCode, string output, _) = await MedGenCommand.RunAsync("audit", "list", "--data-dir", Data, "--json");
        exitCode.ShouldBe(0);
        string[] records = Lines(output);
        records.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("action").GetString()).ShouldContain("GenerateVideo");
        (await MedGenCommand.RunAsync("audit", "verify", "--data-dir", Data)).ExitCode.ShouldBe(0);

        string[] jsonl = await ExportAsync("jsonl");
        jsonl.ShouldBe(records);
        string[] syslog = await ExportAsync("syslog");
        syslog.Length.ShouldBe(records.Length);
        syslog.ShouldAllBe(line => Rfc5424().IsMatch(line));
        syslog.ShouldContain(line => line.Contains("GenerateVideo ok", StringComparison.Ordinal));
        AuditEvent[] events = [.. (await ExportAsync("fhir")).Select(line => JsonSerializer.Deserialize<AuditEvent>(line, Fhir)!)];
        events.Length.ShouldBe(records.Length);
        AuditEvent generated = events.Single(one => one.Subtype.Single()!.Code == "GenerateVideo");
        (generated.Outcome, generated.Action, generated.Agent.Single().Who!.Identifier!.Value).ShouldBe(
            (AuditEvent.AuditEventOutcome.N0, AuditEvent.AuditEventAction.E, "local"));
        XDocument[] messages = [.. (await ExportAsync("atna")).Select(line => XDocument.Parse(line))];
        messages.Length.ShouldBe(records.Length);
        XmlSchemaSet schema = new();
        schema.Add(null, XmlReader.Create(new StringReader(AuditMessageSchema)));
        Array.ForEach(messages, message => message.Validate(schema, (_, fault) => throw fault.Exception));
        XElement generation = messages.Single(
            one => one.Descendants("EventTypeCode").Last().Attribute("csd-code")!.Value == "GenerateVideo").Root!;
        generation.Element("EventIdentification")!.Attribute("EventOutcomeIndicator")!.Value.ShouldBe("0");
        generation.Element("ActiveParticipant")!.Attribute("UserID")!.Value.ShouldBe("local");
        generation.Elements("ParticipantObjectIdentification").First().Attribute("ParticipantObjectID")!.Value.ShouldStartWith("job:");
    }

    [Theory]
    [InlineData("EraseArtifacts", AuditKind.Change, "ok", "D", "110100", "0")]
    [InlineData("ArtifactsRemoved", AuditKind.System, "ok", "D", "110100", "0")]
    [InlineData("Login", AuditKind.Login, "CREDENTIALS_UNKNOWN", "E", "110114", "4")]
    [InlineData("UsePlugin", AuditKind.Administration, "ok", "E", "110100", "0")]
    [InlineData("VerifyAudit", AuditKind.Administration, "INTERNAL", "E", "110101", "8")]
    [InlineData("DownloadArtifact", AuditKind.Read, "ok", "R", "110106", "0")]
    public void Record_InFhirAndAtna_IsTheSameEvent(string operation, AuditKind kind, string outcome, string action, string code, string indicator)
    {
        AuditRecord record = new()
        {
            Sequence = 1, Time = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch), Caller = "anna", Action = operation, Kind = kind, Outcome = outcome, Hash = "9f86d0",
        };

        string text = AuditText.Of(record, AuditFormat.Fhir);
        JsonSerializer.Deserialize<AuditEvent>(text, Fhir).ShouldNotBeNull();
        JsonElement fhir = JsonDocument.Parse(text).RootElement;
        XElement atna = XElement.Parse(AuditText.Of(record, AuditFormat.Atna)).Element("EventIdentification")!;

        (fhir.GetProperty("action").GetString(), fhir.GetProperty("outcome").GetString(), fhir.GetProperty("type").GetProperty("code").GetString())
            .ShouldBe((action, indicator, code));
        (Of("EventActionCode"), Of("EventOutcomeIndicator"), atna.Element("EventID")!.Attribute("csd-code")!.Value).ShouldBe((action, indicator, code));
        atna.Elements("EventTypeCode").Select(type => type.Attribute("csd-code")!.Value)
            .ShouldBe(kind == AuditKind.Login ? ["110122", operation] : [operation]);

        string Of(string name) => atna.Attribute(name)!.Value;
    }

    // What the exporter uses of the schema in DICOM PS3.15, A.5.1.
    private const string AuditMessageSchema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <xs:complexType name="Coded">
            <xs:attribute name="csd-code" type="xs:token" use="required"/>
            <xs:attribute name="codeSystemName" type="xs:token" use="required"/>
            <xs:attribute name="displayName" type="xs:token"/>
            <xs:attribute name="originalText" type="xs:token" use="required"/>
          </xs:complexType>
          <xs:element name="AuditMessage"><xs:complexType><xs:sequence>
            <xs:element name="EventIdentification"><xs:complexType>
              <xs:sequence>
                <xs:element name="EventID" type="Coded"/>
                <xs:element name="EventTypeCode" type="Coded" minOccurs="0" maxOccurs="unbounded"/>
                <xs:element name="EventOutcomeDescription" type="xs:string" minOccurs="0"/>
              </xs:sequence>
              <xs:attribute name="EventActionCode"><xs:simpleType><xs:restriction base="xs:token">
                <xs:enumeration value="C"/><xs:enumeration value="R"/><xs:enumeration value="U"/><xs:enumeration value="D"/><xs:enumeration value="E"/>
              </xs:restriction></xs:simpleType></xs:attribute>
              <xs:attribute name="EventDateTime" type="xs:dateTime" use="required"/>
              <xs:attribute name="EventOutcomeIndicator" use="required"><xs:simpleType><xs:restriction base="xs:token">
                <xs:enumeration value="0"/><xs:enumeration value="4"/><xs:enumeration value="8"/><xs:enumeration value="12"/>
              </xs:restriction></xs:simpleType></xs:attribute>
            </xs:complexType></xs:element>
            <xs:element name="ActiveParticipant" maxOccurs="unbounded"><xs:complexType>
              <xs:attribute name="UserID" type="xs:string" use="required"/>
              <xs:attribute name="UserIsRequestor" type="xs:boolean" use="required"/>
              <xs:attribute name="NetworkAccessPointID" type="xs:token"/>
              <xs:attribute name="NetworkAccessPointTypeCode" type="xs:unsignedByte"/>
            </xs:complexType></xs:element>
            <xs:element name="AuditSourceIdentification"><xs:complexType>
              <xs:sequence><xs:element name="AuditSourceTypeCode" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
                <xs:attribute name="csd-code" type="xs:token" use="required"/>
              </xs:complexType></xs:element></xs:sequence>
              <xs:attribute name="AuditSourceID" type="xs:token" use="required"/>
            </xs:complexType></xs:element>
            <xs:element name="ParticipantObjectIdentification" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
              <xs:sequence>
                <xs:element name="ParticipantObjectIDTypeCode" type="Coded"/>
                <xs:element name="ParticipantObjectName" type="xs:token"/>
              </xs:sequence>
              <xs:attribute name="ParticipantObjectID" type="xs:token" use="required"/>
              <xs:attribute name="ParticipantObjectTypeCode" type="xs:unsignedByte"/>
              <xs:attribute name="ParticipantObjectTypeCodeRole" type="xs:unsignedByte"/>
            </xs:complexType></xs:element>
          </xs:sequence></xs:complexType></xs:element>
        </xs:schema>
        """;

    [Fact, Long]
    public async System.Threading.Tasks.Task AuditVerify_OfALogThatWasCut_SaysWhereAndEndsWithOne()
    {
        await GenerateAsync();
        await using (SqliteConnection connection = new($"Data Source={Path.Combine(Data, "medgen.db")};Pooling=False"))
        {
            await connection.OpenAsync(Token);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE sequence > 1";
            await command.ExecuteNonQueryAsync(Token);
        }

        (int exitCode, string output, _) = await MedGenCommand.RunAsync("audit", "verify", "--data-dir", Data);

        exitCode.ShouldBe(1);
        output.ShouldContain("record 2: TAIL_CUT");
    }

    private async System.Threading.Tasks.Task<string> GenerateAsync()
    {
        string clip = Path.Combine(_folder, "clip.mp4");
        (int exitCode, _, string error) = await MedGenCommand.RunAsync(
            "generate", "--prompt", "a heart", "--width", "32", "--height", "32", "--frames", "5", "--steps", "1", "--seed", "7", "--out", clip, "--data-dir", Data);
        exitCode.ShouldBe(0, error);
        return clip;
    }

    private async System.Threading.Tasks.Task<string[]> ExportAsync(string format)
    {
        string file = Path.Combine(_folder, "audit." + format);
        (await MedGenCommand.RunAsync("audit", "export", "--format", format, "--out", file, "--data-dir", Data)).ExitCode.ShouldBe(0);
        return await File.ReadAllLinesAsync(file, Token);
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async System.Threading.Tasks.Task FFmpegAsync(params string[] arguments)
    {
        using Process ffmpeg = Process.Start("ffmpeg", ["-loglevel", "error", "-nostdin", .. arguments]);
        await ffmpeg.WaitForExitAsync(Token);
        ffmpeg.ExitCode.ShouldBe(0);
    }

    [GeneratedRegex("""^<\d{1,3}>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z - medgen - \S{1,32} \[medgen@32473( [a-z]+="([^"\\\]]|\\["\\\]])*")+\] .+$""")]
    private static partial Regex Rfc5424();
}

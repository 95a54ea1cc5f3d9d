using System.CommandLine;
using System.Text.Json;
using MedGen.Cli.Dicom;
using MedGen.Cli.Output;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen dicom query --server URL</c>.</summary>
internal static class DicomQueryCommand
{
    // Of whom it is: PatientName, PatientID, PatientBirthDate, OtherPatientIDs, AccessionNumber, ReferringPhysicianName.
    private static readonly uint[] Identifying = [0x0010_0010, 0x0010_0020, 0x0010_0030, 0x0010_1000, 0x0008_0050, 0x0008_0090];

    private static readonly Dictionary<DicomLevel, uint[]> Shown = new()
    {
        [DicomLevel.Studies] = [0x0020_000D, 0x0008_0020, 0x0008_0061, 0x0008_1030, 0x0020_1206, 0x0020_1208],
        [DicomLevel.Series] = [0x0020_000D, 0x0020_000E, 0x0008_0060, 0x0008_103E, 0x0020_1209],
        [DicomLevel.Instances] = [0x0020_000D, 0x0020_000E, 0x0008_0018, 0x0008_0016, 0x0020_0013, 0x0028_0008],
    };

    public static Command Create()
    {
        ArchiveOptions archive = new();
        Option<DicomLevel> level = new("--level") { Description = "studies (default), series or instances." };
        Option<string?> study = new("--study") { Description = "Study Instance UID to look in." };
        Option<string?> series = new("--series") { Description = "Series Instance UID to look in, with --study." };
        Option<string[]> match = new("--match")
        {
            Description = "KEYWORD=VALUE or GGGGEEEE=VALUE that has to match; * and ? stand for any characters, A-B for dates. Any number.",
        };
        Option<int> limit = new("--limit") { Description = "Most answers, 1 to 10000.", DefaultValueFactory = _ => 1000 };
        Option<bool> identifiers = new("--identifiers") { Description = "Also who the patient is." };
        Option<bool> json = JsonOption.Create();
        Command query = new("query", "Lists studies, series or instances of a DICOMweb server (QIDO-RS).")
        {
            level, study, series, match, limit, identifiers, json,
        };
        archive.AddTo(query);
        query.SetAction(async (parsed, cancellationToken) =>
        {
            DicomQuery asked = new()
            {
                Level = parsed.GetValue(level),
                Study = parsed.GetValue(study),
                Series = parsed.GetValue(series),
                Match = Matches(parsed.GetValue(match) ?? []),
                Limit = parsed.GetValue(limit),
            };
            using DicomWebClient client = archive.Connect(parsed);
            IReadOnlyList<DicomDataSet> found = await client.QueryAsync(asked, cancellationToken);
            foreach (DicomDataSet one in found)
            {
                Write(one, asked.Level, parsed.GetValue(identifiers), parsed.GetValue(json));
            }

            if (found.Count == asked.Limit)
            {
                Terminal.Warning($"{found.Count} answers, as many as --limit allows; there may be more.");
            }

            return ExitCode.Success;
        });
        return query;
    }

    private static Dictionary<DicomTag, string> Matches(IReadOnlyList<string> texts)
    {
        Dictionary<DicomTag, string> matches = [];
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            DicomTag tag = equals > 0 && DicomQuery.TagOf(text[..equals]) is { } known ? known : throw new InvalidInputException(
                "--match",
                $"got {(equals > 0 ? $"the attribute '{text[..equals]}'" : "a text without =")}; KEYWORD=VALUE is allowed, such as Modality=US.");
            if (!matches.TryAdd(tag, text[(equals + 1)..]))
            {
                throw new InvalidInputException("--match", $"names {tag} twice.");
            }
        }

        return matches;
    }

    private static void Write(DicomDataSet set, DicomLevel level, bool identifiers, bool json)
    {
        if (!identifiers)
        {
            Array.ForEach(Identifying, tag => set.Remove(new DicomTag(tag)));
        }

        if (json)
        {
            using MemoryStream bytes = new();
            using (Utf8JsonWriter writer = new(bytes))
            {
                DicomJson.Write(writer, set);
            }

            Terminal.Line(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
            return;
        }

        IEnumerable<uint> tags = identifiers ? [.. Shown[level], .. Identifying] : Shown[level];
        Terminal.Line(string.Join("  ", tags.Select(tag => new DicomTag(tag)).Where(set.Contains)
            .Select(tag => $"{StandardElements.NameOf(tag)}={string.Join('\\', set.Texts(tag))}")));
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Dicom.Rules;

/// <summary>The rules file (docs/dicom.md): archives, and what is done with studies that come in. JSON, snake_case.</summary>
public sealed partial record DicomRules
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>A study is complete when nothing of it has come for so long, 1 to 86,400 s. Default 60.</summary>
    public double QuietTimeSeconds { get; init; } = 60;

    /// <summary>Archives by which results are sent and studies are fetched.</summary>
    public IReadOnlyList<DicomArchive> Archives { get; init; } = [];

    /// <summary>The rules; all that match an instance count.</summary>
    public IReadOnlyList<DicomRule> Rules { get; init; } = [];

    /// <summary>Folder of the file, from which its paths start.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>The quiet time.</summary>
    [JsonIgnore]
    public TimeSpan QuietTime => TimeSpan.FromSeconds(QuietTimeSeconds);

    /// <summary>Reads and checks a file's content.</summary>
    /// <param name="content">JSON in UTF-8.</param>
    /// <param name="folder">Full path of the file's folder.</param>
    /// <returns>The rules.</returns>
    /// <exception cref="InvalidInputException">Names every field that is wrong.</exception>
    /// <exception cref="JsonException">It is no JSON, or has other fields.</exception>
    public static DicomRules Parse(byte[] content, string folder)
    {
        DicomRules rules = (JsonSerializer.Deserialize<DicomRules>(content, Json) ?? new DicomRules()) with { Folder = folder };
        Violations violations = new();
        violations.Within<double>("quiet_time_seconds", rules.QuietTimeSeconds, 1, 86_400);
        for (int i = 0; i < rules.Archives.Count; i++)
        {
            Check(rules.Archives[i], folder, violations.In($"archives[{i}]"));
        }

        for (int i = 0; i < rules.Rules.Count; i++)
        {
            Check(rules.Rules[i], rules, violations.In($"rules[{i}]"));
        }

        Once("archives", rules.Archives.Select(archive => archive.Name));
        Once("rules", rules.Rules.Select(rule => rule.Name));
        violations.ThrowIfAny();
        return rules;

        void Once(string field, IEnumerable<string> names) =>
            violations.Require(names.Distinct().Count() == names.Count(), field, $"got a name twice", $"each name once");
    }

    /// <summary>The archive of a name that a caller may use.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tenant">The caller's tenant.</param>
    /// <returns>Null: there is none.</returns>
    public DicomArchive? Find(string name, string tenant) =>
        Archives.FirstOrDefault(archive => archive.Name == name && (archive.Tenants.Count == 0 || archive.Tenants.Contains(tenant)));

    private static void Check(DicomArchive archive, string folder, Violations violations)
    {
        violations.Require(Name().IsMatch(archive.Name), "name", $"got another text", $"1 to 64 lower-case letters, digits and hyphens");
        try
        {
            using DicomWebClient client = new(archive.ToServer(folder));
        }
        catch (InvalidInputException error)
        {
            violations.AddRange(error.Violations);
        }

        violations.Require(
            archive.TokenFile is null || File.Exists(Path.Combine(folder, archive.TokenFile)), "token_file", $"there is no such file",
            $"a file, relative to the rules file's folder");
    }

    private static void Check(DicomRule rule, DicomRules rules, Violations violations)
    {
        violations.Require(Name().IsMatch(rule.Name), "name", $"got another text", $"1 to 64 lower-case letters, digits and hyphens");
        violations.Require(Name().IsMatch(rule.Task), "task", $"got another text", $"a task, for instance imaging-modality");
        violations.Require(rule.Results.Count > 0 && rule.Results.Distinct().Count() == rule.Results.Count, "results",
            $"got none, or one twice", $"report, capture, film");
        violations.Require(rule.SendTo.Distinct().Count() == rule.SendTo.Count, "send_to", $"got a name twice", $"each name once");
        foreach (string archive in rule.SendTo)
        {
            violations.OneOf("send_to", archive, [.. rules.Archives.Select(one => one.Name)]);
        }
    }

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex Name();
}

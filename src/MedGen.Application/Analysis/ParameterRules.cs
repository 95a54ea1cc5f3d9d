using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Analysis;

/// <summary>Checks parameters against a plugin's JSON Schema, and says what is wrong in the words of every other refusal.</summary>
public static class ParameterRules
{
    private const int LongestName = 40;

    private static readonly EvaluationOptions Listed = new() { OutputFormat = OutputFormat.List };

    /// <summary>Makes sure that a text is a JSON Schema of an object.</summary>
    /// <param name="schema">The text.</param>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="field">What the text is called there.</param>
    public static void CheckSchema(string schema, Violations violations, string field = "parameters_schema")
    {
        ArgumentNullException.ThrowIfNull(violations);
        try
        {
            JsonObject? root = JsonNode.Parse(schema ?? "") as JsonObject;
            violations.Require(
                root?["type"] is JsonValue type && type.TryGetValue(out string? name) && name == "object", field,
                $"is no schema of an object", $"a JSON Schema of type object");
            JsonSchema.FromText(schema ?? "");
        }
        catch (JsonException exception)
        {
            violations.Add(field, $"is no JSON Schema: {exception.Message}");
        }
    }

    /// <summary>Makes sure that parameters keep a schema.</summary>
    /// <param name="schema">The schema; <see cref="CheckSchema"/> has passed it.</param>
    /// <param name="parameters">A JSON object.</param>
    /// <param name="name">What they are called.</param>
    /// <exception cref="InvalidInputException">They do not; fields are named <c>parameters.NAME</c>.</exception>
    public static void ThrowIfBroken(string schema, string parameters, string name = "parameters")
    {
        using JsonDocument document = JsonDocument.Parse(parameters);
        EvaluationResults results = JsonSchema.FromText(schema).Evaluate(document.RootElement, Listed);
        if (results.IsValid)
        {
            return;
        }

        JsonNode root = JsonNode.Parse(schema)!;
        Violations violations = new();
        foreach (EvaluationResults broken in (results.Details ?? []).Prepend(results).Where(result => result.Errors is { Count: > 0 }))
        {
            string instance = broken.InstanceLocation.ToString();
            string field = name + string.Concat(
                instance.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => part.All(char.IsDigit) ? $"[{part}]" : $".{part}"));
            JsonElement? got = instance.Split('/').Skip(1).Aggregate((JsonElement?)document.RootElement, Step);
            foreach ((string keyword, string message) in broken.Errors!)
            {
                Describe(violations, field, keyword, message, got, Find(root, broken.EvaluationPath.ToString()), root);
            }
        }

        // A rule that refers elsewhere may leave no detail; the request is refused all the same.
        if (violations.Found.Count == 0)
        {
            violations.Add(name, "do not keep the plugin's schema; 'medgen plugins get ID' shows it.");
        }

        violations.ThrowIfAny();
    }

    private static void Describe(
        Violations violations, string field, string keyword, string message, JsonElement? got, JsonNode? rule, JsonNode root)
    {
        JsonObject? rules = rule as JsonObject;
        switch (keyword)
        {
            case "required":
                string[] missing = [.. (rules?["required"] as JsonArray ?? []).Select(name => (string)name!).Where(name => Step(got, name) is null)];
                violations.Add($"{field}.{missing.FirstOrDefault() ?? "?"}", "is missing.");
                break;
            case "enum":
                string names = string.Join(", ", (rules?["enum"] as JsonArray ?? []).Select(value => value?.ToString()));
                violations.Add(field, $"got {Text(got)}", $"{names}");
                break;
            case "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum":
                violations.Add(field, $"got {Text(got)}", $"{Range(rules)}");
                break;
            case "minItems":
                violations.Add(field, $"has {got?.GetArrayLength()} entries", $"{rules?["minItems"]?.ToJsonString()} or more");
                break;
            case "type":
                violations.Add(field, $"got {Text(got)}", $"{Types(rules)}");
                break;
            case "" when rule?.GetValueKind() == JsonValueKind.False:
                IEnumerable<string> known = (root["properties"] as JsonObject ?? []).Select(property => property.Key);
                violations.Add(field, "is not known; allowed: " + string.Join(", ", known.DefaultIfEmpty("none")) + ".");
                break;
            default:
                violations.Add(field, $"{message}.");
                break;
        }
    }

    private static string Range(JsonObject? rules)
    {
        string? low = Bound("minimum", "at least ") ?? Bound("exclusiveMinimum", "above ");
        string? high = Bound("maximum", "at most ") ?? Bound("exclusiveMaximum", "below ");
        return rules?["minimum"] is { } from && rules["maximum"] is { } to
            ? $"{from.ToJsonString()} to {to.ToJsonString()}"
            : string.Join(", ", new[] { low, high }.OfType<string>());

        string? Bound(string name, string words) => rules?[name] is { } value ? words + value.ToJsonString() : null;
    }

    private static string Types(JsonObject? rules) => rules?["type"] switch
    {
        JsonArray several => string.Join(" or ", several.Select(type => type?.ToString())),
        JsonNode one => one.ToString(),
        null => "another type",
    };

    // Free texts are never repeated: they may be about a patient. What should have been one of a list of names is, unless it is too long for one.
    private static string Text(JsonElement? got) => got switch
    {
        { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: <= LongestName } name => $"'{name}'",
        { ValueKind: JsonValueKind.String } text => string.Create(CultureInfo.InvariantCulture, $"a text of {text.GetString()!.Length} characters"),
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null } plain => plain.GetRawText(),
        { ValueKind: JsonValueKind.Array } => "a list",
        { ValueKind: JsonValueKind.Object } => "an object",
        _ => "nothing",
    };

    private static JsonElement? Step(JsonElement? at, string part) => at switch
    {
        { ValueKind: JsonValueKind.Object } item => item.TryGetProperty(Unescape(part), out JsonElement value) ? value : null,
        { ValueKind: JsonValueKind.Array } list when int.TryParse(part, out int index) && index < list.GetArrayLength() => list[index],
        _ => null,
    };

    private static JsonNode? Find(JsonNode root, string path) => path.Split('/').Skip(1).Aggregate((JsonNode?)root, (at, part) => at switch
    {
        JsonObject item => item[Unescape(part)],
        JsonArray list when int.TryParse(part, out int index) && index < list.Count => list[index],
        _ => null,
    });

    private static string Unescape(string part) => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}

using System.Text.Json.Nodes;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// What a JSON file of a model folder may state: the statements that are used or change nothing, and the values under which they do. Any other one
/// that is switched on would change the clips and is told by name.
/// </summary>
/// <param name="known">Allowed values by name, as JSON text; none: any value.</param>
internal sealed class StatementList(IReadOnlyDictionary<string, string[]> known)
{
    /// <summary>What is not supported, one sentence each.</summary>
    /// <param name="file">How the file is called in the sentences.</param>
    /// <param name="json">Its content.</param>
    public IEnumerable<string> Refuse(string file, JsonObject json)
    {
        foreach ((string name, JsonNode? value) in json)
        {
            string text = value?.ToJsonString() ?? "null";
            if (IsOff(value) || (known.TryGetValue(name, out string[]? allowed) && (allowed.Length == 0 || allowed.Contains(text))))
            {
                continue;
            }

            yield return allowed is null
                ? $"{file} states {name} ({Shorten(text)}), which is not supported"
                : $"{file} states {name} {Shorten(text)}; supported: {string.Join(", ", allowed)}";
        }
    }

    // null, false, nothing in it, or diffusers' [null, null] of a part that a pipeline does without.
    private static bool IsOff(JsonNode? value) => value switch
    {
        null => true,
        JsonArray array => array.All(item => item is null),
        JsonObject inner => inner.Count == 0,
        _ => value.ToJsonString() is "false" or "\"\"",
    };

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

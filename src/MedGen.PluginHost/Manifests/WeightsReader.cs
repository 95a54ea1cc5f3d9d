using System.Text.Json;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Manifests;

/// <summary>Reads <c>weights</c> of a manifest: an object by path, each with hash, length and licence.</summary>
internal static class WeightsReader
{
    private const long MaxBytes = 1L << 40;
    private const int LongestLicense = 128;

    private static readonly string[] Keys = ["sha256", "bytes", "license"];

    /// <summary>Reads it.</summary>
    /// <param name="root">The manifest.</param>
    /// <param name="problems">Takes what is wrong, each as <c>key: what was got and what is allowed</c>.</param>
    public static IReadOnlyList<PluginWeights> Read(JsonElement root, List<string> problems)
    {
        if (!root.TryGetProperty("weights", out JsonElement map))
        {
            return [];
        }

        if (map.ValueKind != JsonValueKind.Object)
        {
            problems.Add("weights: expected an object of files by their paths.");
            return [];
        }

        return [.. map.EnumerateObject().Select(file => ReadFile($"weights.{file.Name}", file, problems)).OfType<PluginWeights>()];
    }

    private static PluginWeights? ReadFile(string path, JsonProperty file, List<string> problems)
    {
        if (file.Value.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{path}: expected an object with {string.Join(", ", Keys)}.");
            return null;
        }

        int before = problems.Count;
        problems.AddRange(file.Value.EnumerateObject().Where(property => !Keys.Contains(property.Name))
            .Select(property => $"{path}.{property.Name}: this key is unknown; allowed: {string.Join(", ", Keys)}."));
        string hash = Text("sha256");
        string license = Text("license");
        long bytes = file.Value.TryGetProperty("bytes", out JsonElement number) && number.ValueKind == JsonValueKind.Number
            && number.TryGetInt64(out long whole) ? whole : 0;
        if (bytes is < 1 or > MaxBytes)
        {
            problems.Add($"{path}.bytes: expected a whole number of 1 to {MaxBytes}.");
        }

        if (license.Length > LongestLicense)
        {
            problems.Add($"{path}.license: got {license.Length} characters; allowed: 1 to {LongestLicense}.");
        }

        return problems.Count > before ? null : new PluginWeights { Path = file.Name, Sha256 = hash, Bytes = bytes, License = license };

        string Text(string key)
        {
            if (file.Value.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
                && value.GetString() is { Length: > 0 } text)
            {
                return text;
            }

            problems.Add($"{path}.{key}: expected a text.");
            return "";
        }
    }
}

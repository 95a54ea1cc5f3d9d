using System.Text.Json;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Manifests;

/// <summary>
/// Reads <c>plugin.json</c> strictly: every unknown key, missing key and wrong type is named, all of them at once, so that a vendor
/// mends a manifest in one go.
/// </summary>
internal sealed class ManifestReader
{
    /// <summary>Name of the manifest inside a version folder.</summary>
    public const string FileName = "plugin.json";

    /// <summary>Most bytes of a manifest.</summary>
    public const int MaxBytes = 1 << 20;

    private const long MaxDataBytes = 1L << 40;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly List<string> _problems = [];

    /// <summary>Reads a manifest; null when it has problems.</summary>
    public static PluginManifest? Read(string path, out IReadOnlyList<string> problems)
    {
        var reader = new ManifestReader();
        PluginManifest? manifest = reader.ReadFile(path);
        problems = reader._problems;
        return problems.Count == 0 ? manifest : null;
    }

    /// <summary>Reads a manifest's content, of at most <see cref="MaxBytes"/> bytes; null when it has problems.</summary>
    public static PluginManifest? Read(byte[] content, out IReadOnlyList<string> problems)
    {
        var reader = new ManifestReader();
        PluginManifest? manifest = reader.ReadContent(content);
        problems = reader._problems;
        return problems.Count == 0 ? manifest : null;
    }

    private PluginManifest? ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > MaxBytes)
            {
                _problems.Add(file.Exists ? $"The file has {file.Length} bytes; at most {MaxBytes} are allowed." : "The file is missing.");
                return null;
            }

            return ReadContent(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"The file cannot be read: {e.Message}");
        }

        return null;
    }

    private PluginManifest? ReadContent(byte[] content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content, Strict);
            return ReadManifest(document.RootElement);
        }
        catch (JsonException e)
        {
            _problems.Add($"This is not valid JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // The parser looks at the bytes of a text only when it is read.
            _problems.Add("This is not valid JSON: a text in it is not UTF-8.");
        }

        return null;
    }

    private PluginManifest? ReadManifest(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            _problems.Add($"Expected an object, got {NameOf(root)}.");
            return null;
        }

        NameUnknownKeys(
            "", root, "id", "version", "name", "description", "publisher", "sdk", "entryAssembly", "runtime", "capabilities", "isolation",
            "dataBytes", "files", "weights");
        var manifest = new PluginManifest
        {
            Id = RequiredString("", root, "id"),
            Version = RequiredString("", root, "version"),
            Name = RequiredString("", root, "name"),
            Description = OptionalString("", root, "description") ?? "",
            Publisher = RequiredString("", root, "publisher"),
            Sdk = RequiredString("", root, "sdk"),
            EntryAssembly = OptionalString("", root, "entryAssembly"),
            Runtime = OptionalString("", root, "runtime"),
            Capabilities = ReadCapabilities(root),
            Isolation = ReadIsolation(root),
            DataBytes = ReadDataBytes(root),
            Files = ReadFiles(root),
            Weights = WeightsReader.Read(root, _problems),
        };
        if (_problems.Count == 0)
        {
            _problems.AddRange(ManifestRules.Violations(manifest));
        }

        return manifest;
    }

    private List<PluginCapability> ReadCapabilities(JsonElement root)
    {
        var capabilities = new List<PluginCapability>();
        if (!root.TryGetProperty("capabilities", out JsonElement list))
        {
            _problems.Add("capabilities: this key is missing.");
        }
        else if (list.ValueKind != JsonValueKind.Array)
        {
            _problems.Add($"capabilities: expected an array, got {NameOf(list)}.");
        }
        else
        {
            foreach (JsonElement item in list.EnumerateArray())
            {
                ReadCapability($"capabilities[{capabilities.Count}].", item, capabilities);
            }
        }

        return capabilities;
    }

    private void ReadCapability(string path, JsonElement item, List<PluginCapability> capabilities)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            _problems.Add($"{path[..^1]}: expected an object, got {NameOf(item)}.");
            capabilities.Add(new PluginCapability { Kind = "" });
            return;
        }

        NameUnknownKeys(path, item, "kind", "task");
        capabilities.Add(new PluginCapability { Kind = RequiredString(path, item, "kind"), Task = OptionalString(path, item, "task") });
    }

    private PluginIsolation ReadIsolation(JsonElement root)
    {
        switch (OptionalString("", root, "isolation"))
        {
            case null or "inProcess":
                return PluginIsolation.InProcess;
            case "process":
                return PluginIsolation.Process;
            case var other:
                _problems.Add($"isolation: got '{other}'; allowed: inProcess, process.");
                return PluginIsolation.Process;
        }
    }

    private long ReadDataBytes(JsonElement root)
    {
        if (!root.TryGetProperty("dataBytes", out JsonElement value))
        {
            return 0;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long bytes) && bytes is >= 1 and <= MaxDataBytes)
        {
            return bytes;
        }

        _problems.Add($"dataBytes: expected a whole number of 1 to {MaxDataBytes}, got {value.GetRawText()}.");
        return 0;
    }

    private Dictionary<string, string> ReadFiles(JsonElement root)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!root.TryGetProperty("files", out JsonElement map))
        {
            return files;
        }

        if (map.ValueKind != JsonValueKind.Object)
        {
            _problems.Add($"files: expected an object, got {NameOf(map)}.");
            return files;
        }

        foreach (JsonProperty file in map.EnumerateObject())
        {
            files[file.Name] = RequiredString("files.", map, file.Name);
        }

        return files;
    }

    private string RequiredString(string path, JsonElement parent, string key)
    {
        if (!parent.TryGetProperty(key, out JsonElement value))
        {
            _problems.Add($"{path}{key}: this key is missing.");
            return "";
        }

        string? text = StringValue(path, key, value);
        if (text is "")
        {
            _problems.Add($"{path}{key}: must not be empty.");
        }

        return text ?? "";
    }

    private string? OptionalString(string path, JsonElement parent, string key) =>
        parent.TryGetProperty(key, out JsonElement value) ? StringValue(path, key, value) : null;

    private string? StringValue(string path, string key, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        _problems.Add($"{path}{key}: expected a string, got {NameOf(value)}.");
        return null;
    }

    private void NameUnknownKeys(string path, JsonElement parent, params ReadOnlySpan<string> known)
    {
        foreach (JsonProperty property in parent.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                _problems.Add($"{path}{property.Name}: this key is unknown; allowed: {string.Join(", ", known!)}.");
            }
        }
    }

    private static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}

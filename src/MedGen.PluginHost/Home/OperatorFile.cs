using System.Text.Json;
using MedGen.PluginHost.Loading;
using MedGen.PluginHost.Packs;
using MedGen.Sdk.Parameters;

namespace MedGen.PluginHost.Home;

/// <summary>
/// What the operator has set for one plugin: the file <c>ID.json</c> in the folder of the host's settings. Its values may be seen; secrets lie in
/// files of their own.
/// </summary>
internal sealed record OperatorFile
{
    private const int MaxFileBytes = 1 << 20;
    private const int MaxSecretBytes = 64 << 10;
    private const int LeastSecretLength = 6;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Values for the plugin; it knows their names. Default: none.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>Files that hold a secret each, by its name; relative paths begin at this file's folder. Default: none.</summary>
    public IReadOnlyDictionary<string, string> SecretFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads what is set for a plugin.</summary>
    /// <param name="folder">The folder; null: nothing is set for any plugin.</param>
    /// <param name="pluginId">Id of the plugin.</param>
    /// <returns>The settings as a JSON object, and the secrets by name.</returns>
    /// <exception cref="PluginLoadException">The file, or one with a secret, cannot be used.</exception>
    public static (string Settings, IReadOnlyDictionary<string, string> Secrets) Load(string? folder, string pluginId)
    {
        string path = Path.Combine(folder ?? "", $"{pluginId}.json");
        if (folder is null || !File.Exists(path))
        {
            return (ParameterSchema.NoParameters, new Dictionary<string, string>());
        }

        OperatorFile file = Read(path);
        if (file.Settings is { ValueKind: not JsonValueKind.Object and var kind })
        {
            throw Refused(path, $"settings: got {kind}; allowed: an object.");
        }

        return (
            // Written anew: readers of the plugin's own take neither comments nor commas at the end.
            file.Settings is { } settings ? JsonSerializer.Serialize(settings) : ParameterSchema.NoParameters,
            file.SecretFiles.ToDictionary(secret => secret.Key, secret => ReadSecret(path, secret.Key, secret.Value), StringComparer.Ordinal));
    }

    /// <summary>Names of the files for some plugins.</summary>
    /// <param name="folder">The folder; null: there are none.</param>
    /// <param name="isMeant">Whether the plugin with an id is one of them.</param>
    public static IEnumerable<string> For(string? folder, Func<string, bool> isMeant)
    {
        IEnumerable<string> files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : [];
        return files.Where(file => isMeant(Path.GetFileNameWithoutExtension(file))).Select(file => Path.GetFileName(file));
    }

    private static OperatorFile Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Length: > MaxFileBytes and var length })
            {
                throw Refused(path, $"got {length} bytes; allowed: at most {MaxFileBytes}.");
            }

            byte[] content = File.ReadAllBytes(path);
            CanonicalJson.RefuseNulls(content, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return JsonSerializer.Deserialize<OperatorFile>(content, Json)!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw Refused(path, $"it cannot be used: {e.Message}");
        }
    }

    // Whoever else has an account on this machine could read it.
    private static void RefuseIfOpen(string path, string name, string file)
    {
        const UnixFileMode OthersMay = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) is var mode && (mode & OthersMay) != 0)
        {
            string octal = Convert.ToString((int)mode, 8).PadLeft(4, '0');
            throw Refused(
                path, $"secret_files.{name}: '{Path.GetFileName(file)}' has mode {octal}; allowed: 0600 or 0400 (chmod 600), so that nobody but its "
                    + "owner can read or change it.");
        }
    }

    // The path is not told: who mistakes this for the place of the secret itself has written it there.
    private static string ReadSecret(string path, string name, string file)
    {
        string full = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, file);
        try
        {
            if (File.Exists(full))
            {
                RefuseIfOpen(path, name, full);
            }

            if (new FileInfo(full) is { Exists: true, Length: <= MaxSecretBytes } && File.ReadAllText(full).TrimEnd('\r', '\n') is { } text)
            {
                return text.Length >= LeastSecretLength
                    ? text
                    : throw Refused(path, $"secret_files.{name}: got {text.Length} characters; allowed: at least {LeastSecretLength}.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Said below, without what the system adds.
        }

        throw Refused(path, $"secret_files.{name}: got no readable file; allowed: the path of a file of at most {MaxSecretBytes} bytes.");
    }

    private static PluginLoadException Refused(string path, string message) => new(SettingsCheck.Name, $"{Path.GetFileName(path)}: {message}");
}

using System.Collections;
using System.Text.Json;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Configuration.Json;

namespace MedGen.Host.Configuration;

/// <summary>
/// The settings of a host, out of a file, the environment and the command line; what comes later counts. Every setting that is wrong or unknown is
/// named at once.
/// </summary>
public sealed class HostConfiguration
{
    /// <summary>What the names of environment variables start with; two underscores stand for a dot.</summary>
    public const string EnvironmentPrefix = "MEDGEN_SERVE_";

    private HostConfiguration(MedGenHostOptions options, IReadOnlyList<EffectiveSetting> settings)
    {
        Options = options;
        Settings = settings;
    }

    /// <summary>The options that the settings add up to.</summary>
    public MedGenHostOptions Options { get; }

    /// <summary>Every setting, by key.</summary>
    public IReadOnlyList<EffectiveSetting> Settings { get; }

    /// <summary>Reads all settings.</summary>
    /// <param name="file">JSON file, with comments allowed; null: none.</param>
    /// <param name="environment">Environment variables; those without the prefix are passed over.</param>
    /// <param name="commandLine">Values of the command line by key.</param>
    /// <param name="defaults">Values by key of what the options have no default for.</param>
    /// <returns>The configuration; its options are checked further when a host is built.</returns>
    /// <exception cref="InvalidInputException">
    /// The file is not JSON, or settings are unknown or not of their kind; it names each, and with them those that a start would refuse.
    /// </exception>
    public static HostConfiguration Load(
        string? file,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<string, IReadOnlyList<string>> commandLine,
        IReadOnlyDictionary<string, IReadOnlyList<string>> defaults)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(commandLine);
        ArgumentNullException.ThrowIfNull(defaults);
        Violations violations = new();
        SettingSource[] sources =
        [
            new("command line", Flatten(commandLine), _ => "command line"),
            new(
                "environment",
                environment.Where(pair => pair.Key.StartsWith(EnvironmentPrefix, StringComparison.Ordinal)).ToDictionary(
                    pair => pair.Key[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), string? (pair) => pair.Value,
                    StringComparer.OrdinalIgnoreCase),
                path => EnvironmentPrefix + path.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()),
            .. file is null ? (SettingSource[])[] : [new(file, ReadFile(file), _ => file)],
            new("default", Flatten(defaults), _ => "default"),
        ];
        SettingBinder binder = new(sources, violations);
        binder.RefuseUnknown();
        HostConfiguration configuration = binder.Bind((options, settings) => new HostConfiguration(options, settings));
        if (violations.Found.Count > 0)
        {
            // With what is wrong in a start's eyes, so that one look is enough; those that could not be read have their defaults there.
            violations.AddRange(MedGenHostOptionsValidator.Find(configuration.Options).Found);
        }

        violations.ThrowIfAny();
        return configuration;
    }

    /// <summary>The environment of this process.</summary>
    /// <returns>All its variables.</returns>
    public static IReadOnlyDictionary<string, string> ReadEnvironment() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal);

    /// <summary>Which settings another configuration has otherwise.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>Their values there.</returns>
    public IReadOnlyList<EffectiveSetting> ChangesTo(HostConfiguration other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return [.. Settings.Zip(other.Settings).Where(pair => pair.First.Value != pair.Second.Value).Select(pair => pair.Second)];
    }

    private static Dictionary<string, string?> Flatten(IReadOnlyDictionary<string, IReadOnlyList<string>> values) => values
        .SelectMany(pair => Setting.All[pair.Key] is var setting && SettingText.IsList(setting.Property.PropertyType)
            ? pair.Value.Select((text, index) => (Path: $"{Colons(pair.Key)}:{index}", Text: text))
            : [(Colons(pair.Key), pair.Value[^1])])
        .ToDictionary(pair => pair.Path, string? (pair) => pair.Text, StringComparer.OrdinalIgnoreCase);

    private static string Colons(string key) => key.Replace('.', ':');

    private static Dictionary<string, string?> ReadFile(string file)
    {
        if (Directory.Exists(file))
        {
            throw new InvalidInputException("config", $"'{file}' is a folder; name the JSON file.");
        }

        try
        {
            using FileStream stream = File.OpenRead(file);
            JsonFileReader reader = new();
            reader.Load(stream);
            return reader.Values;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            throw new InvalidInputException("config", $"The file '{file}' cannot be used: {(error.InnerException ?? error).Message}");
        }
    }

    private sealed class JsonFileReader() : JsonStreamConfigurationProvider(new JsonStreamConfigurationSource())
    {
        public Dictionary<string, string?> Values => new(Data, StringComparer.OrdinalIgnoreCase);
    }
}

using MedGen.Sdk.Plugins;

namespace MedGen.Application.Plugins;

/// <summary>What an operator can set of a plugin that is loaded, and what is set.</summary>
public sealed record PluginSettingsStatus
{
    /// <summary>What the plugin says that can be set.</summary>
    public required PluginSettings Declared { get; init; }

    /// <summary>What is set, a JSON object; it keeps the schema.</summary>
    public required string Values { get; init; }

    /// <summary>Names of the secrets that are given.</summary>
    public required IReadOnlyList<string> GivenSecrets { get; init; }

    /// <summary>Bytes that it may keep in its data folder; 0: it has none.</summary>
    public required long DataBytesAllowed { get; init; }

    /// <summary>Bytes that are in it.</summary>
    public required long DataBytesUsed { get; init; }
}

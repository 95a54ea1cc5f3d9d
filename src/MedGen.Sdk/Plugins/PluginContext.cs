namespace MedGen.Sdk.Plugins;

/// <summary>What a plugin is told about itself.</summary>
public sealed record PluginContext
{
    /// <summary>The plugin's manifest.</summary>
    public required PluginManifest Manifest { get; init; }

    /// <summary>Full path of the plugin's version folder; its data files lie there. Read-only for the plugin.</summary>
    public required string Directory { get; init; }
}

namespace MedGen.Sdk.Plugins;

/// <summary>The content of <c>plugin.json</c>, in camelCase there.</summary>
public sealed record PluginManifest
{
    /// <summary>Unique id: lower-case letters, digits, dots and hyphens, 3 to 64 characters; equal to the name of the plugin's folder.</summary>
    public required string Id { get; init; }

    /// <summary>Semantic version <c>major.minor.patch</c>; equal to the name of the version folder.</summary>
    public required string Version { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>Who stands behind it.</summary>
    public required string Publisher { get; init; }

    /// <summary>Range of SDK versions that it works with, in NuGet notation, for instance <c>[0.9,1.0)</c>.</summary>
    public required string Sdk { get; init; }

    /// <summary>File name of the assembly that holds the <see cref="IMedGenPlugin"/>; null: the plugin has a <see cref="Runtime"/>.</summary>
    public string? EntryAssembly { get; init; }

    /// <summary>
    /// Name of the host's runtime that serves a plugin without code, <c>onnx</c>; null: the plugin has an <see cref="EntryAssembly"/>.
    /// </summary>
    public string? Runtime { get; init; }

    /// <summary>What it can do; at least one.</summary>
    public required IReadOnlyList<PluginCapability> Capabilities { get; init; }

    /// <summary>Where it runs; the host's settings may ask for more isolation, never for less.</summary>
    public PluginIsolation Isolation { get; init; }

    /// <summary>
    /// Bytes that it wants to keep in a folder of its own (<see cref="PluginContext.DataFolder"/>), 1 to 1 TiB; 0 (default): it needs no folder. A
    /// host allows at most what its operator has set.
    /// </summary>
    public long DataBytes { get; init; }

    /// <summary>Lower-case SHA-256 by relative path of files that must be unchanged; empty: not checked.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Weights that it brings, each path once and none of <see cref="Files"/>; opened by <see cref="PluginContext.OpenWeightsAsync"/>. Default: none.
    /// </summary>
    public IReadOnlyList<PluginWeights> Weights { get; init; } = [];
}

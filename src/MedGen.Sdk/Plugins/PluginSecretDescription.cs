namespace MedGen.Sdk.Plugins;

/// <summary>A secret that a plugin takes.</summary>
public sealed record PluginSecretDescription
{
    /// <summary>Its name: lower-case letters, digits and underscores, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Whether the plugin works without it. Default: it does not, and is refused.</summary>
    public bool Optional { get; init; }
}

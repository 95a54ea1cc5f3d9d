namespace MedGen.Sdk.Plugins;

/// <summary>One thing that a plugin can do.</summary>
public sealed record PluginCapability
{
    /// <summary>What kind of work.</summary>
    public required PluginCapabilityKind Kind { get; init; }

    /// <summary>Task name of a classifier, for instance <c>imaging-modality</c>; null for kinds without tasks.</summary>
    public string? Task { get; init; }
}

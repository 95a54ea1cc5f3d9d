namespace MedGen.Sdk.Plugins;

/// <summary>One thing that a plugin can do.</summary>
public sealed record PluginCapability
{
    /// <summary>What kind of work, with the version of its contract: one of <see cref="CapabilityKinds"/>, or of a later SDK.</summary>
    public required string Kind { get; init; }

    /// <summary>Task of an analyzer, for instance <c>imaging-modality</c>; null for kinds without tasks.</summary>
    public string? Task { get; init; }
}

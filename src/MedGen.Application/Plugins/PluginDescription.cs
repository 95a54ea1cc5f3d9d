using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Generation;

namespace MedGen.Application.Plugins;

/// <summary>What a plugin says of itself.</summary>
public sealed record PluginDescription
{
    /// <summary>Id of the plugin.</summary>
    public required string PluginId { get; init; }

    /// <summary>Version that is described.</summary>
    public required string PluginVersion { get; init; }

    /// <summary>Its analyzers, in the order of its capabilities.</summary>
    public IReadOnlyList<AnalyzerDescription> Analyzers { get; init; } = [];

    /// <summary>Its generator; null: it has none.</summary>
    public GeneratorDescription? Generator { get; init; }

    /// <summary>Its augmenter; null: it has none.</summary>
    public AugmenterDescription? Augmenter { get; init; }
}

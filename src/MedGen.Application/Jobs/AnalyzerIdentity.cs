using MedGen.Application.Plugins;
using MedGen.Sdk.Analysis;

namespace MedGen.Application.Jobs;

/// <summary>The analyzer behind findings: what is needed to read them, and to get them again.</summary>
public sealed record AnalyzerIdentity
{
    /// <summary>Id of the plugin.</summary>
    public required string PluginId { get; init; }

    /// <summary>Version of the plugin.</summary>
    public required string PluginVersion { get; init; }

    /// <summary>Task, for instance <c>imaging-modality</c>.</summary>
    public required string Task { get; init; }

    /// <summary>What it looks for, with the labels in the order of the probabilities.</summary>
    public required IReadOnlyList<AnalyzerOutput> Outputs { get; init; }

    /// <summary>SHA-256 of its weights in lower-case hex; empty: it does not say.</summary>
    public IReadOnlyList<string> Weights { get; init; } = [];

    /// <summary>Looks an output up.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The output; null: it has none of that name.</returns>
    public AnalyzerOutput? Find(string name) => Outputs.FirstOrDefault(output => output.Name == name);

    internal static AnalyzerIdentity Of<T>(PluginLease<T> lease, AnalyzerDescription description)
        where T : class => new()
    {
        PluginId = lease.PluginId,
        PluginVersion = lease.PluginVersion,
        Task = description.Task,
        Outputs = description.Outputs,
        Weights = [.. description.Weights.Select(weights => weights.Sha256)],
    };
}

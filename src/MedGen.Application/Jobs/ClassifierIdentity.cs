using MedGen.Application.Plugins;
using MedGen.Sdk.Classification;

namespace MedGen.Application.Jobs;

/// <summary>The classifier behind an answer: what is needed to read the answer, and to get it again.</summary>
public sealed record ClassifierIdentity
{
    /// <summary>Id of the plugin.</summary>
    public required string PluginId { get; init; }

    /// <summary>Version of the plugin.</summary>
    public required string PluginVersion { get; init; }

    /// <summary>Task name, for instance <c>imaging-modality</c>.</summary>
    public required string Task { get; init; }

    /// <summary>All labels, in the order of the probabilities.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Label given when the classifier declines to decide; null: it always decides.</summary>
    public string? AbstentionLabel { get; init; }

    /// <summary>SHA-256 of the weights in lower-case hex; null: the classifier does not say.</summary>
    public string? WeightsHash { get; init; }

    internal static ClassifierIdentity Of(PluginLease<IVideoClassifier> lease)
    {
        ClassifierDescription description = lease.Service.Description;
        return new ClassifierIdentity
        {
            PluginId = lease.PluginId,
            PluginVersion = lease.PluginVersion,
            Task = description.Task,
            Labels = [.. description.Labels],
            AbstentionLabel = description.AbstentionLabel,
            WeightsHash = description.WeightsHash,
        };
    }
}

namespace MedGen.Sdk.Classification;

/// <summary>What a classifier does.</summary>
public sealed record ClassifierDescription
{
    /// <summary>Task name, for instance <c>imaging-modality</c>; callers choose a classifier by it.</summary>
    public required string Task { get; init; }

    /// <summary>All labels, in the order of the probabilities.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Label given when the input is unlike anything the classifier knows; null: it always decides.</summary>
    public string? AbstentionLabel { get; init; }

    /// <summary>SHA-256 of the weights in lower-case hex, for provenance.</summary>
    public string? WeightsHash { get; init; }
}

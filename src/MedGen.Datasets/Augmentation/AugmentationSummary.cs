using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Augmentation;

/// <summary>What an augmentation came to.</summary>
public sealed record AugmentationSummary
{
    /// <summary>The classes with what was wanted.</summary>
    public required IReadOnlyList<ClassTarget> Targets { get; init; }

    /// <summary>All items with their splits.</summary>
    public required IReadOnlyList<DatasetItem> Items { get; init; }

    /// <summary>All made clips in the order of judging, refused ones too.</summary>
    public required IReadOnlyList<ClipRecord> Records { get; init; }

    /// <summary>Items that could not be used, and why.</summary>
    public required IReadOnlyList<string> Unreadable { get; init; }

    /// <summary>Files of the data set's folder that are no item, by extension.</summary>
    public IReadOnlyDictionary<string, int> PassedOver { get; init; } = new Dictionary<string, int>();

    /// <summary>Limit of the privacy check by thumbnails, a correlation; null: no test clip.</summary>
    public required double? PrivacyLimit { get; init; }

    /// <summary>The privacy check by learnt features; null: no method generates, or the whole check is turned off.</summary>
    public ReidentificationReport? Reidentification { get; init; }

    /// <summary>Adapters that were trained on the training split.</summary>
    public IReadOnlyList<AdapterRecord> Adapters { get; init; } = [];

    /// <summary>The models that made clips, and whether they had seen what the data set holds out.</summary>
    public IReadOnlyList<GeneratorExposure> Generators { get; init; } = [];

    /// <summary>Clips that were kept.</summary>
    public int Kept => Records.Count(record => record.Kept);

    /// <summary>Clips that were refused, by filter.</summary>
    public IReadOnlyDictionary<string, int> Rejected =>
        Records.Where(record => !record.Kept).GroupBy(FilterOf).OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count());

    /// <summary>The filter that rejected a clip.</summary>
    internal static string FilterOf(ClipRecord rejected) => rejected.RejectReason!.Split(':')[0];
}

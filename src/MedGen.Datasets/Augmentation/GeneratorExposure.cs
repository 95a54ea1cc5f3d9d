namespace MedGen.Datasets.Augmentation;

/// <summary>Whether a generator had seen the clips that a data set holds out, before it made clips for it.</summary>
public sealed record GeneratorExposure
{
    /// <summary>Name of the model, as the host calls it; null: it is none of the host's.</summary>
    public string? Model { get; init; }

    /// <summary>Hash of its weights.</summary>
    public required string ModelHash { get; init; }

    /// <summary>Adapter over the model that was trained elsewhere; null: none, or one that was trained on this data set's training split.</summary>
    public string? Adapter { get; init; }

    /// <summary>Validation and test clips.</summary>
    public required int HeldOut { get; init; }

    /// <summary>
    /// How many of them the model was trained on, or on another file of the same patient; with an adapter,
    /// that either was; null: what it, or the adapter, was trained on is not known.
    /// </summary>
    public int? Seen { get; init; }
}

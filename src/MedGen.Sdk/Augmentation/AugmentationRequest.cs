using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Augmentation;

/// <summary>One clip to be made. The same request gives the same frames.</summary>
public sealed record AugmentationRequest
{
    /// <summary>How.</summary>
    public required AugmentationMethod Method { get; init; }

    /// <summary>Class that the clip is for.</summary>
    public required string Label { get; init; }

    /// <summary>A training clip of the class: what is altered or varied, or whose caption and columns a prompt is written from.</summary>
    public required SourceClip Source { get; init; }

    /// <summary>Another training clip, of any class, for methods that mix two; null: there is no other.</summary>
    public SourceClip? Partner { get; init; }

    /// <summary>
    /// Name of the adapter of the resident model that <see cref="IDatasetAugmenter.GetAdapterAsync"/> asked for; null: it asked for none.
    /// </summary>
    public string? Adapter { get; init; }

    /// <summary>Seed of everything that is drawn, 0 to 2^63 − 1.</summary>
    public required long Seed { get; init; }

    /// <summary>Shape of the clip that is to be made; source and partner have it already.</summary>
    public required ClipShape Shape { get; init; }
}

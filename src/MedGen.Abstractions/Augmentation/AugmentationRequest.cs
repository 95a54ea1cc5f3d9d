namespace MedGen.Abstractions.Augmentation;

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

    /// <summary>Name of the adapter of the resident model that <see cref="IDatasetAugmenter.AdapterOf"/> asked for; null: it asked for none.</summary>
    public string? Adapter { get; init; }

    /// <summary>Seed of everything that is drawn, 0 to 2^63 − 1.</summary>
    public required long Seed { get; init; }

    /// <summary>Width in px, even, 32 to 1,024.</summary>
    public required int Width { get; init; }

    /// <summary>Height in px, even, 32 to 1,024.</summary>
    public required int Height { get; init; }

    /// <summary>Number of frames, 1 to 257.</summary>
    public required int NumFrames { get; init; }

    /// <summary>Frames per second, 1 to 60.</summary>
    public required double FramesPerSecond { get; init; }
}

using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Augmentation;

/// <summary>A clip of the training split.</summary>
public sealed record SourceClip
{
    /// <summary>Its path in the data set, with forward slashes.</summary>
    public required string Id { get; init; }

    /// <summary>Its label as the data set states it.</summary>
    public required string Label { get; init; }

    /// <summary>What it shows, in words; null: not stated.</summary>
    public string? Caption { get; init; }

    /// <summary>Further columns of the data set, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Its frames, already at the size, rate and number that is asked for.</summary>
    public required IVideoClip Clip { get; init; }
}

using MedGen.Sdk.Frames;
using MedGen.Sdk.Augmentation;

namespace MedGen.Datasets.Adapters;

/// <summary>An adapter that is to be trained.</summary>
public sealed record AdapterTrainingTask
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How it is trained.</summary>
    public required TrainedAdapter Training { get; init; }

    /// <summary>What it is trained on, and nothing else; one clip or more.</summary>
    public required IReadOnlyList<CaptionedClip> Clips { get; init; }

    /// <summary>Shape of all clips.</summary>
    public required ClipShape Shape { get; init; }

    /// <summary>Seed of everything that is drawn.</summary>
    public required int Seed { get; init; }

    /// <summary>File to write.</summary>
    public required string File { get; init; }

    /// <summary>Folder for checkpoints and intermediate results; the caller deletes it.</summary>
    public required string WorkFolder { get; init; }
}

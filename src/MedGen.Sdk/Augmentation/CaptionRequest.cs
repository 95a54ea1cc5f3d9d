namespace MedGen.Sdk.Augmentation;

/// <summary>Asks for the words that a training clip is shown under while an adapter is trained.</summary>
public sealed record CaptionRequest
{
    /// <summary>The method that needs the adapter.</summary>
    public required AugmentationMethod Method { get; init; }

    /// <summary>Class that the clip stands for.</summary>
    public required string Label { get; init; }

    /// <summary>The clip.</summary>
    public required SourceClip Clip { get; init; }
}

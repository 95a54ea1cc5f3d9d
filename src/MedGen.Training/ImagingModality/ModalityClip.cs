using MedGen.Torch.Frames;

namespace MedGen.Training.ImagingModality;

/// <summary>One decoded file of a manifest.</summary>
internal sealed record ModalityClip
{
    /// <summary>Its line in the manifest.</summary>
    public required ModalityItem Item { get; init; }

    /// <summary>Label: the modality code, CR and DX under one name.</summary>
    public required string Label { get; init; }

    /// <summary>Evenly taken frames, at least one.</summary>
    public required IReadOnlyList<FramePicture> Pictures { get; init; }
}

using System.ComponentModel.DataAnnotations;
using MedGen.Host.Configuration;

namespace MedGen.Host;

/// <summary>What curations on the host may use; its folders are those of data sets.</summary>
public sealed record MedGenCuration
{
    /// <summary>
    /// Weights file of the imaging-modality classifier; null: those of the plugin <c>medgen.imaging-modality</c> in the plugin folders, and without
    /// it the stages that need them, and the learnt privacy check of augmentations, are left out.
    /// </summary>
    [Setting("curation.modality_weights")]
    public string? ModalityWeights { get; init; }

    /// <summary>Films at a time in one curation, 1 to 256. Default 1, so that the host's other work goes on beside it.</summary>
    [Setting("curation.workers")]
    [Range(1, 256)]
    public int Workers { get; init; } = 1;

    /// <summary>
    /// Folders of networks (onnx.json and the file) that specifications may name as scorers or detectors, whole paths. Default: none.
    /// </summary>
    [Setting("curation.networks")]
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>
    /// Addresses of caption services that specifications may name, as <c>captions.url</c> has them; frames go there. Default: none.
    /// </summary>
    [Setting("curation.caption_services")]
    public IReadOnlyList<string> CaptionServices { get; init; } = [];
}

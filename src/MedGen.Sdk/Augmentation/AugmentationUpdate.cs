using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Augmentation;

/// <summary>
/// What the making of a clip says: <see cref="AugmentationProgress"/>, one <see cref="AugmentedClipDescription"/>, and <see cref="AugmentedFrames"/>
/// until all frames are out.
/// </summary>
public abstract record AugmentationUpdate;

/// <summary>A part of the clip's work is done.</summary>
public sealed record AugmentationProgress : AugmentationUpdate
{
    /// <summary>Steps that are done.</summary>
    public required int Completed { get; init; }

    /// <summary>Steps in all.</summary>
    public required int Total { get; init; }
}

/// <summary>How the clip was made; what the manifest tells of it.</summary>
public sealed record AugmentedClipDescription : AugmentationUpdate
{
    /// <summary>Text that the clip was generated from; null: none.</summary>
    public string? Prompt { get; init; }

    /// <summary>Text that was to be avoided; null: none, or the model's default.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Hash of the model's weights; null: no model.</summary>
    public string? ModelHash { get; init; }

    /// <summary>Name of the adapter over the model's weights; null: none.</summary>
    public string? Adapter { get; init; }

    /// <summary>SHA-256 of the adapter's file, lower-case hex; null: no adapter.</summary>
    public string? AdapterSha256 { get; init; }

    /// <summary>Denoising steps; null: none.</summary>
    public int? Steps { get; init; }

    /// <summary>Classifier-free guidance scale; null: none.</summary>
    public double? GuidanceScale { get; init; }

    /// <summary>Timestep shift; null: none.</summary>
    public double? Shift { get; init; }

    /// <summary>Everything else that was drawn or used, by name, numbers in invariant notation.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Weights of several labels, where clips were mixed, that add up to 1; empty: the request's label alone.</summary>
    public IReadOnlyDictionary<string, double> LabelWeights { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether the source's pixels are in the clip, or it was started from them. Default: yes.</summary>
    public bool UsesSource { get; init; } = true;

    /// <summary>Whether the partner's pixels are in the clip, too.</summary>
    public bool UsesPartner { get; init; }
}

/// <summary>Finished frames, in order; several of these make up the clip.</summary>
public sealed record AugmentedFrames : AugmentationUpdate
{
    /// <summary>The next frames of the clip; the receiver owns them.</summary>
    public required IReadOnlyList<VideoFrame> Frames { get; init; }
}

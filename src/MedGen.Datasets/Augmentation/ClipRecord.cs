using MedGen.Sdk.Augmentation;

namespace MedGen.Datasets.Augmentation;

/// <summary>What is known of a made clip: a line of the journal, and of the manifest.</summary>
public sealed record ClipRecord
{
    /// <summary>Id of the clip in the run.</summary>
    public required string Id { get; init; }

    /// <summary>Where it lies in the output, with forward slashes; null: it was refused and is not kept.</summary>
    public string? FileName { get; init; }

    /// <summary>Class that it was made for.</summary>
    public required string Class { get; init; }

    /// <summary>Its label as the data set writes labels.</summary>
    public required string Label { get; init; }

    /// <summary>Weights of several labels, where clips were mixed; null: its label alone.</summary>
    public IReadOnlyDictionary<string, double>? LabelWeights { get; init; }

    /// <summary>Method that made it.</summary>
    public required string Method { get; init; }

    /// <summary>Where its pixels come from.</summary>
    public required ClipOrigin Origin { get; init; }

    /// <summary>Training clips whose pixels are in it or that it was started from; where there are none it is empty.</summary>
    public IReadOnlyList<string> DerivedFrom { get; init; } = [];

    /// <summary>Patients of those clips.</summary>
    public IReadOnlyList<string> Patients { get; init; } = [];

    /// <summary>Prompt; null: none.</summary>
    public string? Prompt { get; init; }

    /// <summary>Negative prompt; null: none or the model's.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Seed of everything that was drawn for it.</summary>
    public required long Seed { get; init; }

    /// <summary>Hash of the model's weights; null: no model.</summary>
    public string? ModelHash { get; init; }

    /// <summary>Name of the adapter over the model; null: none.</summary>
    public string? Adapter { get; init; }

    /// <summary>SHA-256 of the adapter's file; null: no adapter.</summary>
    public string? AdapterSha256 { get; init; }

    /// <summary>Denoising steps; null: none.</summary>
    public int? Steps { get; init; }

    /// <summary>Guidance scale; null: none.</summary>
    public double? GuidanceScale { get; init; }

    /// <summary>Timestep shift; null: none.</summary>
    public double? Shift { get; init; }

    /// <summary>Everything else that was drawn or used.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Scores of the filters.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>1 − correlation to the nearest training clip.</summary>
    public required double NearestDistance { get; init; }

    /// <summary>That training clip.</summary>
    public required string NearestId { get; init; }

    /// <summary>SHA-256 of its frames' bytes, lower-case hex: the same for the same data, specification and seed.</summary>
    public required string FramesSha256 { get; init; }

    /// <summary>
    /// Its vector for correlations as little-endian float32 in base64, so that a run that goes on judges as this one would; null: it is refused.
    /// </summary>
    public string? Descriptor { get; init; }

    /// <summary>Whether it is kept.</summary>
    public required bool Kept { get; init; }

    /// <summary>Which filter refused it and why; null: it is kept.</summary>
    public string? RejectReason { get; init; }
}

using System.ComponentModel.DataAnnotations;

namespace MedGen.Datasets.Augmentation;

/// <summary>What decides whether a made clip is kept.</summary>
public sealed record FilterOptions
{
    /// <summary>Technical quality, measured against the real training clips.</summary>
    public QualityFilterOptions Quality { get; init; } = new();

    /// <summary>Near-duplicates among made clips.</summary>
    public DuplicateFilterOptions Duplicates { get; init; } = new();

    /// <summary>Clips that are unlike all training clips.</summary>
    public OutlierFilterOptions Outliers { get; init; } = new();

    /// <summary>Agreement of a small classifier.</summary>
    public ClassifierFilterOptions Classifier { get; init; } = new();

    /// <summary>Privacy: generated clips that are nearer to a training clip than real clips of other patients are.</summary>
    public PrivacyFilterOptions Privacy { get; init; } = new();

    /// <summary>Clips of one prompt that are kept at most, 1 to 1,000,000; null: any number.</summary>
    [Range(1, 1_000_000)]
    public int? PerPrompt { get; init; }
}

/// <summary>Bounds relative to what the real training clips are.</summary>
public sealed record QualityFilterOptions
{
    /// <summary>Whether the filter is on. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Smallest sharpness and motion, in shares of the smallest of the training clips, 0 to 1. Default 0.3.</summary>
    [Range(0.0, 1.0)]
    public double Min { get; init; } = 0.3;

    /// <summary>Largest flicker and blockiness, in multiples of the largest of the training clips, 1 to 1000. Default 3.</summary>
    [Range(1.0, 1000.0)]
    public double Max { get; init; } = 3;

    /// <summary>Brightness outside the training clips' range by more than this many grey levels, 0 to 255, is rejected. Default 40.</summary>
    [Range(0.0, 255.0)]
    public double Brightness { get; init; } = 40;
}

/// <summary>Near-duplicates among made clips.</summary>
public sealed record DuplicateFilterOptions
{
    /// <summary>Whether the filter is on. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Correlation from which two made clips are one, 0.5 to 1. Default 0.999.</summary>
    [Range(0.5, 1.0)]
    public double Correlation { get; init; } = 0.999;
}

/// <summary>Clips that are unlike all training clips.</summary>
public sealed record OutlierFilterOptions
{
    /// <summary>Whether the filter is on. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Distance (1 − correlation) to the nearest training clip, in multiples of the training clips' largest such distance, 0.1 to 100. Default 1.5.
    /// </summary>
    [Range(0.1, 100.0)]
    public double Factor { get; init; } = 1.5;
}

/// <summary>Agreement of a small classifier that is trained on the real training clips.</summary>
public sealed record ClassifierFilterOptions
{
    /// <summary>Whether the filter is on. Default: no, since a classifier of a handful of clips rejects what it does not know.</summary>
    public bool Enabled { get; init; }

    /// <summary>Smallest probability of the clip's class, 0 to 1. Default 0.5.</summary>
    [Range(0.0, 1.0)]
    public double Probability { get; init; } = 0.5;
}

/// <summary>The privacy check of EchoNet-Synthetic (Reynaud et al. 2024, arXiv 2406.00808).</summary>
public sealed record PrivacyFilterOptions
{
    /// <summary>Whether generated clips are checked; off must be said in the specification, and the card repeats it. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Whether clips are checked by learnt features, too: true requires it, and a run that cannot is refused; false turns it off. Default: where the
    /// host has pretrained features and the training split enough patients; the card says whether it was.
    /// </summary>
    public bool? Learnt { get; init; }

    /// <summary>
    /// Quantile that is the limit, 0.01 to 1: of each training clip's largest correlation to real test clips, and of each held-out training clip's
    /// largest learnt cosine to clips of other patients. Default 0.95.
    /// </summary>
    [Range(0.01, 1.0)]
    public double Quantile { get; init; } = 0.95;
}

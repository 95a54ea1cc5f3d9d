namespace MedGen.Datasets.Filters;

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

    /// <summary>Privacy: generated clips that are nearer to a training clip than strangers are.</summary>
    public PrivacyFilterOptions Privacy { get; init; } = new();

    /// <summary>Clips of one prompt that are kept at most, 1 or more; null: any number.</summary>
    public int? PerPrompt { get; init; }
}

/// <summary>Bounds relative to what the real training clips are. Factors above 0.</summary>
public sealed record QualityFilterOptions
{
    /// <summary>Whether the filter is on. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Least sharpness and motion, in shares of the least of the training clips. Default 0.3.</summary>
    public double Least { get; init; } = 0.3;

    /// <summary>Most flicker and blockiness, in multiples of the most of the training clips. Default 3.</summary>
    public double Most { get; init; } = 3;

    /// <summary>Brightness outside the training clips' range by more than this many grey levels is refused. Default 40.</summary>
    public double Brightness { get; init; } = 40;
}

/// <summary>Near-duplicates among made clips.</summary>
public sealed record DuplicateFilterOptions
{
    /// <summary>Whether the filter is on. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Correlation from which two made clips are one, above 0, at most 1. Default 0.999.</summary>
    public double Correlation { get; init; } = 0.999;
}

/// <summary>Clips that are unlike all training clips.</summary>
public sealed record OutlierFilterOptions
{
    /// <summary>Whether the filter is on. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Distance (1 − correlation) to the nearest training clip, in multiples of the training clips' greatest such distance. Default 1.5.</summary>
    public double Factor { get; init; } = 1.5;
}

/// <summary>Agreement of a small classifier that is trained on the real training clips.</summary>
public sealed record ClassifierFilterOptions
{
    /// <summary>Whether the filter is on. Default: no, since a classifier of a handful of clips refuses what it does not know.</summary>
    public bool Enabled { get; init; }

    /// <summary>Least probability of the clip's class, 0 to 1. Default 0.5.</summary>
    public double Probability { get; init; } = 0.5;
}

/// <summary>The privacy check of EchoNet-Synthetic (Reynaud et al. 2024, arXiv 2406.00808).</summary>
public sealed record PrivacyFilterOptions
{
    /// <summary>Whether generated clips are checked; off must be said in the specification, and the card repeats it. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Quantile of each training clip's greatest correlation to real test clips that is the limit, above 0, at most 1. Default 0.95.</summary>
    public double Quantile { get; init; } = 0.95;
}

using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Splits;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Augmentation;

/// <summary>What an augmentation does, as its JSON file says it (snake_case; an unknown key is an error). Docs: docs/augmentation.md.</summary>
public sealed record AugmentationSpec
{
    /// <summary>Seed of the split and of every clip.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How labels are read.</summary>
    public LabelScheme Labels { get; init; } = new();

    /// <summary>Column that says what must not be in two splits; null: patient_id.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>Whether every clip without a patient is of another one. Default: no.</summary>
    public bool NoGroups { get; init; }

    /// <summary>Shares of patients where the data set has no split of its own.</summary>
    public SplitShares Split { get; init; } = new();

    /// <summary>Shape of the made clips; all clips are read at it. Width and height are even, the number of frames is 4k + 1.</summary>
    public ClipShape Clip { get; init; } = new();

    /// <summary>How many clips are made for each class.</summary>
    public BalanceSpec Balance { get; init; } = new();

    /// <summary>How clips are made, in shares of their weights; at least one. Default: classic.</summary>
    [MinLength(1)]
    public IReadOnlyList<MethodSpec> Methods { get; init; } = [new MethodSpec { Type = "classic" }];

    /// <summary>Clips that may be made for one that is kept, 1 to 100; after them a class stays short, and the card says so. Default 4.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Clips of the data set that may be unreadable or too short, 0 to 1,000,000; they are named in the card. Default 0.</summary>
    [Range(0, 1_000_000)]
    public int MaxUnreadable { get; init; }

    /// <summary>
    /// Whether a data set whose list has masks or boxes is augmented although made clips get none, since no method carries them along. Default: no,
    /// it is refused, and the columns are named.
    /// </summary>
    public bool WithoutPlaces { get; init; }

    /// <summary>What decides whether a made clip is kept.</summary>
    public FilterOptions Filters { get; init; } = new();

    /// <summary>What is written.</summary>
    public OutputSpec Output { get; init; } = new();

    /// <summary>How the data set is split.</summary>
    internal SplitOptions SplitOptions => new() { Seed = Seed, Validation = Split.Validation, Test = Split.Test, NoGroups = NoGroups };
}

/// <summary>Shares of each class's patients.</summary>
public sealed record SplitShares
{
    /// <summary>For validation, 0 to 0.5. Default 0.15.</summary>
    [Range(0.0, 0.5)]
    public double Validation { get; init; } = 0.15;

    /// <summary>For the test, 0.01 to 0.5. Default 0.2.</summary>
    [Range(0.01, 0.5)]
    public double Test { get; init; } = 0.2;
}

/// <summary>How many clips are made; one of the first three at most. Default: as many as bring every class up to the largest one.</summary>
public sealed record BalanceSpec
{
    /// <summary>Training clips of each class afterwards, real and made ones together, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int? PerClass { get; init; }

    /// <summary>Made clips of each class, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int? AddPerClass { get; init; }

    /// <summary>Made clips for each real training clip of the class, above 0, at most 100.</summary>
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    public double? Ratio { get; init; }

    /// <summary>Training clips of single classes afterwards, by class, 0 to 1,000,000.</summary>
    public IReadOnlyDictionary<string, int> Classes { get; init; } = new Dictionary<string, int>();
}

/// <summary>What is written.</summary>
public sealed record OutputSpec
{
    /// <summary>How made clips are written. Default: mp4.</summary>
    public ClipFormat Format { get; init; }

    /// <summary>Whether the real clips are copied beside the made ones, so that the folder is whole. Default: yes.</summary>
    public bool IncludeReal { get; init; } = true;
}

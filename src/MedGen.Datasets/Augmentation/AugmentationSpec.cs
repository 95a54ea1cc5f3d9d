using MedGen.Datasets.Division;
using MedGen.Datasets.Filters;
using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Augmentation;

/// <summary>What an augmentation does, as its JSON file says it (snake_case; an unknown key is an error). Docs: docs/augmentation.md.</summary>
public sealed record AugmentationSpec
{
    /// <summary>Seed of the division and of every clip.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How labels are read.</summary>
    public LabelScheme Labels { get; init; } = new();

    /// <summary>Column that says what must not be in two splits; null: patient_id.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>Whether every clip without a patient is of another one. Default: no.</summary>
    public bool NoGroups { get; init; }

    /// <summary>Shares of patients where the data set has no split of its own.</summary>
    public SplitShares Split { get; init; } = new();

    /// <summary>Shape of the made clips; all clips are read at it.</summary>
    public ClipSpec Clip { get; init; } = new();

    /// <summary>How many clips are made for each class.</summary>
    public BalanceSpec Balance { get; init; } = new();

    /// <summary>How clips are made, in shares of their weights; at least one. Default: classic.</summary>
    public IReadOnlyList<MethodSpec> Methods { get; init; } = [new MethodSpec { Type = "classic" }];

    /// <summary>Clips that may be made for one that is kept, 1 to 100; after them a class stays short, and the card says so. Default 4.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Clips of the data set that may be unreadable or too short, 0 or more; they are named in the card. Default 0.</summary>
    public int MaxUnreadable { get; init; }

    /// <summary>What decides whether a made clip is kept.</summary>
    public FilterOptions Filters { get; init; } = new();

    /// <summary>What is written.</summary>
    public OutputSpec Output { get; init; } = new();

    /// <summary>How the data set is divided.</summary>
    internal DivisionOptions Division => new() { Seed = Seed, Validation = Split.Validation, Test = Split.Test, NoGroups = NoGroups };
}

/// <summary>Shares of each class's patients.</summary>
public sealed record SplitShares
{
    /// <summary>For validation, 0 to 0.5. Default 0.15.</summary>
    public double Validation { get; init; } = 0.15;

    /// <summary>For the test, above 0, at most 0.5. Default 0.2.</summary>
    public double Test { get; init; } = 0.2;
}

/// <summary>Shape of clips. The defaults are those of medgen-mini.</summary>
public sealed record ClipSpec
{
    /// <summary>Longest width and height in px.</summary>
    public const int MostSide = 1024;

    /// <summary>Most frames.</summary>
    public const int MostFrames = 257;

    /// <summary>Width in px, even, 32 to 1024.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Height in px, even, 32 to 1024.</summary>
    public int Height { get; init; } = 128;

    /// <summary>Frames, 4k + 1, 1 to 257.</summary>
    public int Frames { get; init; } = 17;

    /// <summary>Frames per second, 1 to 60.</summary>
    public double Fps { get; init; } = 8;
}

/// <summary>How many clips are made; one of the first three at most. Default: as many as bring every class up to the largest one.</summary>
public sealed record BalanceSpec
{
    /// <summary>Training clips of each class afterwards, real and made ones together, 1 to 1,000,000.</summary>
    public int? PerClass { get; init; }

    /// <summary>Made clips of each class, 1 to 1,000,000.</summary>
    public int? AddPerClass { get; init; }

    /// <summary>Made clips for each real training clip of the class, above 0, at most 100.</summary>
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

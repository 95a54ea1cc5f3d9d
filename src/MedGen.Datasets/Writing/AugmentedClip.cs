namespace MedGen.Datasets.Writing;

/// <summary>A made clip, as the manifest of an augmented data set has it.</summary>
public sealed record AugmentedClip
{
    /// <summary>Where it lies in the data set; for a refused one, whose frames are not there, its name in the run (<c>refused/ID</c>).</summary>
    public required string FileName { get; init; }

    /// <summary>Its label as the data set writes labels.</summary>
    public required string Label { get; init; }

    /// <summary>Method that made it.</summary>
    public required string Method { get; init; }

    /// <summary>Where its pixels come from: <c>altered</c>, <c>generated</c> or <c>simulated</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether it is kept.</summary>
    public required bool Kept { get; init; }

    /// <summary>Which filter refused it and why; null: it is kept.</summary>
    public string? RejectReason { get; init; }

    /// <summary>Name of the nearest real training clip, as the data set that was enlarged has it.</summary>
    public required string Nearest { get; init; }

    /// <summary>1 − correlation to that clip.</summary>
    public required double NearestDistance { get; init; }

    /// <summary>Where that clip lies in the data set; null: real clips were not copied into it.</summary>
    public string? NearestFile { get; init; }
}

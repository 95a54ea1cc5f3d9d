namespace MedGen.Classifiers.Training;

/// <summary>Where a training run stands; each is one line of the JSON log.</summary>
public sealed record ClassifierTrainingProgress
{
    /// <summary>Name of the stage, for instance <c>reading</c> or <c>fold 1</c>; the last one is <c>done</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>Steps (or files) done in this stage.</summary>
    public required int Done { get; init; }

    /// <summary>Steps (or files) of this stage.</summary>
    public required int Total { get; init; }

    /// <summary>Running mean of the loss; null outside training.</summary>
    public double? Loss { get; init; }

    /// <summary>What the user should know, with the stage <c>warning</c>: a file that is skipped, and why; null otherwise.</summary>
    public string? Message { get; init; }
}

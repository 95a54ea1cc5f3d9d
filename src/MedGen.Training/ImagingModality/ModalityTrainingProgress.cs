namespace MedGen.Training.ImagingModality;

/// <summary>Where a training run stands; each is one line of the JSON log.</summary>
public sealed record ModalityTrainingProgress
{
    /// <summary><c>reading</c>, <c>fold 1</c> …, <c>member 1</c> … or <c>done</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>Steps (or files) done in this stage.</summary>
    public required int Done { get; init; }

    /// <summary>Steps (or files) of this stage.</summary>
    public required int Total { get; init; }

    /// <summary>Running mean of the loss; null outside training.</summary>
    public double? Loss { get; init; }
}

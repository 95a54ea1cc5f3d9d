using System.ComponentModel.DataAnnotations;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>How the modality classifier is trained.</summary>
public sealed record ModalityTrainingOptions
{
    /// <summary>Default of <see cref="Folds"/>.</summary>
    public const int DefaultFolds = 8;

    /// <summary>Default of <see cref="DrawnViews"/>.</summary>
    public const int DefaultDrawnViews = 6;

    /// <summary>Default of <see cref="MaxUnreadable"/>.</summary>
    public const int DefaultMaxUnreadable = 50;

    /// <summary>Folders with <c>manifest.csv</c> and its files, at least one.</summary>
    [Required]
    [MinLength(1)]
    public required IReadOnlyList<string> DataFolders { get; init; }

    /// <summary>
    /// The frozen backbone: a weights file of this classifier, or <c>ResNet18.onnx</c> of the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18.
    /// </summary>
    [Required]
    public required string BackboneFile { get; init; }

    /// <summary>Folder for weights, evaluation, log and features; made when missing.</summary>
    [Required]
    public required string OutputFolder { get; init; }

    /// <summary>Seed of every random draw.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Folds of the cross-validation, 2 to 20; 0 skips it (no calibration then: temperature 1, nothing is refused).</summary>
    [Range(0, 20)]
    public int Folds { get; init; } = DefaultFolds;

    /// <summary>Randomly changed views of each picture that are trained on, 1 to 64.</summary>
    [Range(1, 64)]
    public int DrawnViews { get; init; } = DefaultDrawnViews;

    /// <summary>Pictures drawn of each kind that shows no modality and trained on as "none", 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int DrawnPictures { get; init; } = 40;

    /// <summary>Fewest groups (patients, volumes, recordings) of a label that is learnt; labels below it are left out. At least 2.</summary>
    [Range(2, 1000)]
    public int MinGroups { get; init; } = 5;

    /// <summary>Frames taken from a clip, evenly, 1 to 256.</summary>
    [Range(1, 256)]
    public int FramesPerClip { get; init; } = 6;

    /// <summary>Share of in-distribution clips that may be refused; fixes the limits of abstention. 0 to 0.5.</summary>
    [Range(0.0, 0.5)]
    public double RejectionRate { get; init; } = 0.05;

    /// <summary>
    /// Trains on files of every licence. Otherwise those whose licence is not permissive (CC0, CC BY, CC BY-SA, public domain, MIT, BSD, Apache), or
    /// not stated, are evaluated on only.
    /// </summary>
    public bool TrainOnEveryLicence { get; init; }

    /// <summary>So many files that cannot be decoded are named and passed over; one more ends the training. 0 to 100,000.</summary>
    [Range(0, 100_000)]
    public int MaxUnreadable { get; init; } = DefaultMaxUnreadable;

    /// <summary>Takes up the features that an interrupted run computed of the same data.</summary>
    public bool Resume { get; init; }
}

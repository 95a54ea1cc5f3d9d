using MedGen.Datasets.Files;

namespace MedGen.Datasets.Augmentation;

/// <summary>An augmentation to be run.</summary>
public sealed record AugmentationTask
{
    /// <summary>What the output folder is called in errors.</summary>
    internal const string OutputField = "output_folder";

    /// <summary>Folder or tar file of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>What a tar file is called in errors; null: the name that it has on disk.</summary>
    public string? DataName { get; init; }

    /// <summary>Folder to write.</summary>
    public required string Output { get; init; }

    /// <summary>Where files of data set and output may lie; what a link leads out of it is refused. Default: anywhere.</summary>
    public PathScope Scope { get; init; } = PathScope.Anywhere;

    /// <summary>What to do.</summary>
    public required AugmentationSpec Spec { get; init; }

    /// <summary>What may be in the output folder.</summary>
    public OutputMode Mode { get; init; }

    /// <summary>Id of the run: one that begins again with its own id goes on, whatever <see cref="Mode"/> says.</summary>
    public required string RunId { get; init; }

    /// <summary>Plugin and version that makes the clips.</summary>
    public required string Augmenter { get; init; }
}

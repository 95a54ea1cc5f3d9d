using MedGen.Curation.Specifications;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Analysis;

namespace MedGen.Curation.Running;

/// <summary>What a curation is to do.</summary>
public sealed record CurationTask
{
    /// <summary>Folder of films.</summary>
    public required string Input { get; init; }

    /// <summary>List of the films; null: <c>metadata.csv</c> or <c>metadata.jsonl</c> at the top of the folder, where there is one.</summary>
    public string? List { get; init; }

    /// <summary>Folder of the data set.</summary>
    public required string Output { get; init; }

    /// <summary>What is kept.</summary>
    public required CurationSpec Spec { get; init; }

    /// <summary>What becomes of an output folder that is not empty.</summary>
    public OutputMode Mode { get; init; }

    /// <summary>
    /// Id of the run: one that is started again under the same id goes on with what it has itself begun, whatever <see cref="Mode"/> says. Null:
    /// none.
    /// </summary>
    public string? RunId { get; init; }

    /// <summary>Weights file of the imaging-modality classifier; null: the stages that need it are left out.</summary>
    public string? ModalityWeights { get; init; }

    /// <summary>Opens a scorer's or detector's folder (onnx.json and the network); null: those of the specification are refused.</summary>
    public Func<string, IVideoAnalyzer>? OpenAnalyzer { get; init; }

    /// <summary>Films at a time, 1 to 256. Default: one for each core.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;
}

using MedGen.Datasets.Augmentation;

namespace MedGen.Application.Curation;

/// <summary>What a curation is to do; paths are resolved and allowed.</summary>
/// <param name="RunId">Id of the run, the job's.</param>
/// <param name="Input">Folder of films.</param>
/// <param name="List">List of the films; null: the one in the folder, if any.</param>
/// <param name="Output">Folder of the data set.</param>
/// <param name="Mode">What may be in the output folder.</param>
/// <param name="Spec">The specification as JSON.</param>
public sealed record CurationOrder(string RunId, string Input, string? List, string Output, OutputMode Mode, string Spec);

namespace MedGen.Application.Artifacts;

/// <summary>How an artifact came to be.</summary>
public enum ArtifactKind
{
    /// <summary>A caller sent it.</summary>
    Upload,

    /// <summary>A clip that a job has generated.</summary>
    GeneratedClip,

    /// <summary>An archive with a data set that a job has enlarged.</summary>
    AugmentedDataset,
}

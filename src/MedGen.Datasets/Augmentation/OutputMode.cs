namespace MedGen.Datasets.Augmentation;

/// <summary>What may be in the output folder.</summary>
public enum OutputMode
{
    /// <summary>Nothing.</summary>
    New,

    /// <summary>Nothing, or an augmentation of the same data by the same specification, which goes on.</summary>
    Resume,

    /// <summary>Nothing, or any augmentation, which is deleted.</summary>
    Overwrite,
}

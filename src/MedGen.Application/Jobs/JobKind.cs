namespace MedGen.Application.Jobs;

/// <summary>What a job does.</summary>
public enum JobKind
{
    /// <summary>Generates a clip.</summary>
    Generation,

    /// <summary>Classifies a stored clip or still.</summary>
    Classification,

    /// <summary>Makes new clips for a labelled data set.</summary>
    Augmentation,
}

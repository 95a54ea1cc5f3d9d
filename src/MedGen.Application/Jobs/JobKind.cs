namespace MedGen.Application.Jobs;

/// <summary>What a job does.</summary>
public enum JobKind
{
    /// <summary>Generates a clip.</summary>
    Generation,

    /// <summary>Analyses stored clips or stills; the name is that of stored jobs.</summary>
    Classification,

    /// <summary>Makes new clips for a labelled data set.</summary>
    Augmentation,

    /// <summary>Makes a captioned data set out of films.</summary>
    Curation,
}

namespace MedGen.WebConsole.Augmentation;

/// <summary>Where a data set comes from.</summary>
public enum DatasetChoice
{
    /// <summary>An archive that is sent now.</summary>
    Upload,

    /// <summary>An archive that was sent before.</summary>
    Stored,

    /// <summary>A folder of the host's machine.</summary>
    Folder,
}

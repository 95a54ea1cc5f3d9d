namespace MedGen.Sdk.Serving;

/// <summary>How urgent work on the device is. More urgent ones go first; the longer the others wait, the more urgent they become.</summary>
public enum ServicePriority
{
    /// <summary>Somebody waits for it now.</summary>
    Interactive,

    /// <summary>An ordinary request.</summary>
    Normal,

    /// <summary>Large work that may wait, such as augmentation.</summary>
    Bulk,
}

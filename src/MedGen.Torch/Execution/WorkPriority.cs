namespace MedGen.Torch.Execution;

/// <summary>How urgent a piece of device work is.</summary>
public enum WorkPriority
{
    /// <summary>Somebody waits for it now: classification of a live stream, previews.</summary>
    Interactive,

    /// <summary>An ordinary request.</summary>
    Normal,

    /// <summary>Large work that may wait, such as augmentation.</summary>
    Bulk,
}

namespace MedGen.Sdk.Augmentation;

/// <summary>What one trained adapter is of.</summary>
public enum AdapterScope
{
    /// <summary>All training clips of the data set.</summary>
    Dataset,

    /// <summary>The training clips of one class; every class that clips are made for gets its own.</summary>
    Class,
}

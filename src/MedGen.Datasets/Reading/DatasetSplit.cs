namespace MedGen.Datasets.Reading;

/// <summary>What an item of a data set is for.</summary>
public enum DatasetSplit
{
    /// <summary>Not stated.</summary>
    None,

    /// <summary>Training.</summary>
    Train,

    /// <summary>Choosing between models.</summary>
    Validation,

    /// <summary>Measuring the chosen one.</summary>
    Test,
}

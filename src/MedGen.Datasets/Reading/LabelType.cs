namespace MedGen.Datasets.Reading;

/// <summary>What labels are.</summary>
public enum LabelType
{
    /// <summary>One class.</summary>
    Single,

    /// <summary>Several classes, separated by a sign.</summary>
    Multi,

    /// <summary>A number; ranges of it are the classes.</summary>
    Numeric,
}

namespace MedGen.Datasets.Reading;

/// <summary>One clip or still of a data set folder.</summary>
public sealed record DatasetItem
{
    /// <summary>Path in the folder, with forward slashes.</summary>
    public required string FileName { get; init; }

    /// <summary>Full path of the file.</summary>
    public required string FullPath { get; init; }

    /// <summary>What it shows, in words; null: not stated.</summary>
    public string? Caption { get; init; }

    /// <summary>Its class; null: not stated.</summary>
    public string? Label { get; init; }

    /// <summary>What it is for.</summary>
    public DatasetSplit Split { get; init; }

    /// <summary>Patient, or whatever else must not be in two splits; null: not stated, and the file stands for itself.</summary>
    public string? PatientId { get; init; }

    /// <summary>Licence of the item; null: not stated.</summary>
    public string? Licence { get; init; }

    /// <summary>Whom to credit; null: not stated.</summary>
    public string? Attribution { get; init; }

    /// <summary>All columns that are not empty, by name.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>Line of the metadata file that names it; 0: there is none.</summary>
    public int Line { get; init; }

    /// <summary>What is split: the patient, or the file where none is stated.</summary>
    public string Group => PatientId ?? FileName;
}

namespace MedGen.Datasets.Reading;

/// <summary>What a data set folder holds.</summary>
public sealed record DatasetContent
{
    /// <summary>All items, in the order of the metadata or of their names; at least one.</summary>
    public required IReadOnlyList<DatasetItem> Items { get; init; }

    /// <summary>How many files of the folder are no item, by extension (<c>.txt</c>, or <c>no extension</c>).</summary>
    public required IReadOnlyDictionary<string, int> PassedOver { get; init; }
}

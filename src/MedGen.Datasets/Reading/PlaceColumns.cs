namespace MedGen.Datasets.Reading;

/// <summary>Columns by which a data set's list says where in the picture something lies: masks and boxes.</summary>
internal static class PlaceColumns
{
    private static readonly string[] Names =
        ["mask", "masks", "mask_file", "mask_path", "segmentation", "box", "boxes", "bbox", "bboxes", "bounding_box", "bounding_boxes"];

    /// <summary>Those that have a value for a clip, in the order of their names.</summary>
    /// <param name="items">The data set.</param>
    public static IReadOnlyList<string> Of(IEnumerable<DatasetItem> items) =>
        [.. items.SelectMany(item => item.Columns.Keys).Distinct(StringComparer.Ordinal)
            .Where(column => Names.Contains(column, StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
}

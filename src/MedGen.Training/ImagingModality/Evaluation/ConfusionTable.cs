namespace MedGen.Training.ImagingModality.Evaluation;

/// <summary>A confusion matrix as the lines of a Markdown table.</summary>
internal static class ConfusionTable
{
    /// <summary>Lays it out.</summary>
    /// <param name="labels">Labels of rows and columns.</param>
    /// <param name="counts">Clips by truth (row) and answer (column).</param>
    /// <returns>The table, without a line end behind it.</returns>
    public static string Write(IReadOnlyList<string> labels, IReadOnlyList<IReadOnlyList<int>> counts) => string.Join(
        '\n',
        [
            $"| | {string.Join(" | ", labels)} |",
            $"| --- |{string.Concat(labels.Select(_ => " --- |"))}",
            .. labels.Select((label, row) => $"| {label} | {string.Join(" | ", counts[row])} |"),
        ]);
}

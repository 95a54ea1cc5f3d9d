using System.Globalization;
using MedGen.Curation.Specifications;
using MedGen.Datasets.Writing;
using Parquet.Schema;

namespace MedGen.Curation.Writing;

/// <summary>The lines of <c>metadata.jsonl</c> with their clips as shards, beside the folder.</summary>
internal static class ClipShards
{
    private const string Name = "file_name";
    private const string Split = "split";
    private const string Label = "label";

    /// <summary>Writes what the specification asks for; what an earlier run left is replaced.</summary>
    public static Task WriteAsync(
        string folder, CurationFormat format, IReadOnlyList<Dictionary<string, object>> lines, CancellationToken cancellationToken) => format switch
    {
        CurationFormat.Webdataset => WebDatasetAsync(folder, lines, cancellationToken),
        CurationFormat.Parquet => ParquetAsync(folder, lines, cancellationToken),
        _ => Task.CompletedTask,
    };

    private static Task WebDatasetAsync(string folder, IReadOnlyList<Dictionary<string, object>> lines, CancellationToken cancellationToken)
    {
        foreach (string earlier in Directory.EnumerateFiles(folder, "*-??????.tar"))
        {
            File.Delete(earlier);
        }

        return WebDatasetShards.WriteAsync(folder, lines.Select(Sample), cancellationToken);
    }

    private static (string, WebDatasetSample) Sample(Dictionary<string, object> line) => (
        (string)line[Split],
        new WebDatasetSample(
            (string)line[Name], line.GetValueOrDefault(Label) as string, line.ToDictionary(cell => cell.Key, object? (cell) => cell.Value)));

    private static Task ParquetAsync(string folder, IReadOnlyList<Dictionary<string, object>> lines, CancellationToken cancellationToken)
    {
        // The columns of all lines; one that a clip lacks is null there.
        DataField[] columns =
        [
            .. lines.SelectMany(line => line).GroupBy(cell => cell.Key, StringComparer.Ordinal)
                .Select(cells => new DataField(cells.Key, TypeOf(cells.First().Value), isNullable: true)),
        ];
        return ParquetShards.WriteAsync(
            folder, columns,
            lines.Select(line => (
                (string)line[Split], (string)line[Name], columns.Select(column => Text(line.GetValueOrDefault(column.Name))).ToArray())),
            cancellationToken);
    }

    private static Type TypeOf(object cell) => cell is long or double ? cell.GetType() : typeof(string);

    private static string? Text(object? cell) => cell is null ? null : Convert.ToString(cell, CultureInfo.InvariantCulture);
}

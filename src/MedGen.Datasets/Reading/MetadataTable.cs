using System.Text.Json;
using MedGen.Abstractions.Errors;

namespace MedGen.Datasets.Reading;

/// <summary>Reads the files that list clips, each into the same rows.</summary>
internal static class MetadataTable
{
    /// <summary>File names, best first.</summary>
    public const string Csv = "metadata.csv";

    /// <inheritdoc cref="Csv"/>
    public const string JsonLines = "metadata.jsonl";

    /// <summary>List of EchoNet-Dynamic, EchoNet-Pediatric and EchoNet-LVH, beside a folder <c>Videos</c>.</summary>
    public const string EchoNet = "FileList.csv";

    private const string EchoNetFolder = "Videos";

    /// <summary>The rows of a folder's list; null: it has none.</summary>
    public static IReadOnlyList<MetadataRow>? Find(string root) =>
        File.Exists(Path.Combine(root, Csv)) ? FromCsv(Path.Combine(root, Csv))
        : File.Exists(Path.Combine(root, JsonLines)) ? FromJsonLines(Path.Combine(root, JsonLines))
        : File.Exists(Path.Combine(root, EchoNet)) ? FromEchoNet(root)
        : null;

    private static MetadataRow[] FromCsv(string path)
    {
        CsvTable table = CsvTable.Read(path, "folder", "file_name");
        return [.. table.Rows.Select(row => new MetadataRow(row.Line, Cells(table, row), row.Wrong))];
    }

    // FileName has no extension in EchoNet-Dynamic; every clip is of another patient, EF is the ejection fraction in percent.
    private static MetadataRow[] FromEchoNet(string root)
    {
        CsvTable table = CsvTable.Read(Path.Combine(root, EchoNet), "folder", "FileName");
        string labelled = table.Column("EF") is null ? "Label" : "EF";
        return
        [
            .. table.Rows.Select(row =>
            {
                string name = row["FileName"];
                string file = Path.HasExtension(name) || name.Length == 0 ? name : name + ".avi";
                Dictionary<string, string> cells = Cells(table, row);
                (cells["file_name"], cells["label"], cells["split"]) = (name.Length == 0 ? "" : $"{EchoNetFolder}/{file}", row[labelled], row["Split"]);
                cells["patient_id"] = Path.GetFileNameWithoutExtension(name);
                return new MetadataRow(row.Line, cells, row.Wrong);
            }),
        ];
    }

    private static MetadataRow[] FromJsonLines(string path)
    {
        List<MetadataRow> rows = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                int here = number;
                rows.Add(new MetadataRow(here, Cells(line, here), (column, what) => WrongLine(here, column, what)));
            }
        }

        return rows.Count > 0 ? [.. rows] : throw WrongLine(1, "file_name", "there is no item");
    }

    private static Dictionary<string, string> Cells(CsvTable table, CsvRow row) =>
        table.Columns.Where(column => row[column].Length > 0).ToDictionary(column => column, column => row[column], StringComparer.Ordinal);

    private static Dictionary<string, string> Cells(string line, int number)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null)
                .ToDictionary(property => property.Name, property => property.Value.ToString().Trim(), StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw WrongLine(number, "file_name", $"a JSON object with each name once is expected ({exception.Message})");
        }
    }

    private static InvalidInputException WrongLine(int line, string column, string what) => new("folder", $"{JsonLines}, line {line}, {column}: {what}.");
}

using System.Text.Json;
using MedGen.Datasets.Files;
using MedGen.Sdk.Errors;

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

    /// <summary>The rows of a folder's list, or of those of its splits; null: it has none.</summary>
    public static IReadOnlyList<MetadataRow>? Find(string root, PathScope? scope = null)
    {
        PathScope allowed = scope ?? PathScope.Anywhere;
        return FindIn(root, allowed) ?? FromSplitFolders(root, allowed);
    }

    private static MetadataRow[]? FindIn(string folder, PathScope scope)
    {
        return IsThere(Csv)
            ? FromCsv(PathOf(Csv))
            : IsThere(JsonLines)
            ? FromJsonLines(PathOf(JsonLines))
            : IsThere(EchoNet)
            ? FromEchoNet(PathOf(EchoNet))
            : null;

        bool IsThere(string name) => File.Exists(Path.Combine(folder, name));

        string PathOf(string name) => scope.Resolve(Path.Combine(folder, name), DatasetFolder.Field);
    }

    // The layout of Hugging Face's documentation: a list in each of train, validation and test, of clips beside it or in class folders below it.
    private static MetadataRow[]? FromSplitFolders(string root, PathScope scope)
    {
        string[] folders = SplitFolders.Find(root, scope);
        string[] listed = [.. folders.Where(folder => File.Exists(Path.Combine(folder, Csv)) || File.Exists(Path.Combine(folder, JsonLines)))];
        if (listed.Length == 0)
        {
            return null;
        }

        return listed.Length == folders.Length ? [.. listed.SelectMany(folder => FromSplitFolder(folder, scope))] : throw new InvalidInputException(
            "folder",
            $"of the folders {string.Join(", ", folders.Select(Path.GetFileName))} only {string.Join(", ", listed.Select(Path.GetFileName))} have "
                + $"{Csv} or {JsonLines}; all or none of them must.");
    }

    private static IEnumerable<MetadataRow> FromSplitFolder(string folder, PathScope scope)
    {
        string split = Path.GetFileName(folder);
        foreach (MetadataRow row in FindIn(folder, scope)!)
        {
            InvalidInputException Wrong(string column, string what) => new("folder", $"{split}/{row.Wrong(column, what).Violations[0].Description}");
            string name = row["file_name"].Replace('\\', '/');
            Dictionary<string, string> cells = new(row.Cells, StringComparer.Ordinal);
            if (SplitFolders.Parse(row["split"]) is { } stated && stated != DatasetSplit.None && stated != SplitFolders.Parse(split))
            {
                throw Wrong("split", $"got '{row["split"]}' in the folder {split}");
            }

            (cells["file_name"], cells["split"]) = (name.Length == 0 ? "" : $"{split}/{name}", split);
            if (name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash)
            {
                cells.TryAdd("label", name[..slash]);
            }

            yield return new MetadataRow(row.Line, cells, Wrong);
        }
    }

    private static MetadataRow[] FromCsv(string path)
    {
        CsvTable table = CsvTable.Read(path, "folder", "file_name");
        return [.. table.Rows.Select(row => new MetadataRow(row.Line, Cells(table, row), row.Wrong))];
    }

    // FileName has no extension in EchoNet-Dynamic; every clip is of another patient, EF is the ejection fraction in percent. EchoNet-Pediatric
    // states ten folds in the place of splits: 8 is for validation, 9 for testing.
    private static MetadataRow[] FromEchoNet(string path)
    {
        CsvTable table = CsvTable.Read(path, "folder", "FileName");
        string labelled = table.Column("EF") is null ? "Label" : "EF";
        bool hasFolds = table.Column("Split") is not null && table.Rows.All(row => row["Split"] is [>= '0' and <= '9']);
        string SplitOf(string stated) => !hasFolds ? stated : stated switch { "8" => "validation", "9" => "test", _ => "train" };
        return
        [
            .. table.Rows.Select(row =>
            {
                string name = row["FileName"];
                string file = Path.HasExtension(name) || name.Length == 0 ? name : name + ".avi";
                Dictionary<string, string> cells = Cells(table, row);
                (cells["file_name"], cells["label"], cells["split"]) =
                    (name.Length == 0 ? "" : $"{EchoNetFolder}/{file}", row[labelled], SplitOf(row["Split"]));
                cells["patient_id"] = Path.GetFileNameWithoutExtension(name);
                return new MetadataRow(row.Line, cells, row.Wrong);
            }),
        ];
    }

    private static MetadataRow[] FromJsonLines(string path)
    {
        List<MetadataRow> rows = [];
        int number = 0;
        foreach (string line in Utf8File.Read(path, "folder").Split('\n'))
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

    private static InvalidInputException WrongLine(int line, string column, string what) =>
        new("folder", $"{JsonLines}, line {line}, {column}: {what}.");
}

using System.Text.Json;
using MedGen.Abstractions.Errors;
using MedGen.Datasets.Division;

namespace MedGen.Datasets.Reading;

/// <summary>
/// Reads a user's data set folder: <c>metadata.csv</c> or <c>metadata.jsonl</c> with the columns file_name and any of caption, label, split, patient_id; or, without
/// them, a folder for each class, which may lie in folders named train, validation and test.
/// </summary>
public static class DatasetFolder
{
    private const string Csv = "metadata.csv";
    private const string JsonLines = "metadata.jsonl";
    private static readonly string[] Columns = ["file_name", "caption", "label", "split", "patient_id"];
    private static readonly string[] Media = [".mp4", ".mov", ".mkv", ".webm", ".avi", ".gif", ".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"];

    /// <summary>Reads and checks a folder. Files are named, not opened.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>All items, in the order of the metadata or of their names; at least one.</returns>
    /// <exception cref="InvalidInputException">
    /// The folder or a file is missing, a line is wrong, a class has no clip, a file is named twice, or a patient is in two splits.
    /// </exception>
    public static IReadOnlyList<DatasetItem> Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException("folder", $"there is no folder '{folder}'.");
        }

        string root = Path.GetFullPath(folder);
        IReadOnlyList<DatasetItem> items = File.Exists(Path.Combine(root, Csv)) ? FromCsv(root)
            : File.Exists(Path.Combine(root, JsonLines)) ? FromJsonLines(root)
            : FromClassFolders(root);
        if (items.GroupBy(item => item.FullPath).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InvalidInputException("file_name", $"'{twice.First().FileName}' is there twice (lines {string.Join(", ", twice.Select(item => item.Line))}).");
        }

        PatientSplit.ThrowIfShared(items);
        return items;
    }

    private static DatasetItem[] FromCsv(string root) =>
        [.. CsvTable.Read(Path.Combine(root, Csv), "folder", "file_name").Rows.Select(row => Item(root, row.Line, column => row[column], row.Wrong))];

    private static DatasetItem[] FromJsonLines(string root)
    {
        List<DatasetItem> items = [];
        int number = 0;
        foreach (string line in File.ReadLines(Path.Combine(root, JsonLines)))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                Dictionary<string, string> cells = Cells(line, number);
                int here = number;
                items.Add(Item(root, here, column => cells.GetValueOrDefault(column, ""), (column, what) => WrongLine(here, column, what)));
            }
        }

        return items.Count > 0 ? [.. items] : throw WrongLine(1, "file_name", "there is no item");
    }

    private static Dictionary<string, string> Cells(string line, int number)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.EnumerateObject().Where(property => Columns.Contains(property.Name) && property.Value.ValueKind != JsonValueKind.Null)
                .ToDictionary(property => property.Name, property => property.Value.ToString().Trim(), StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw WrongLine(number, "file_name", $"a JSON object with each name once is expected ({exception.Message})");
        }
    }

    private static DatasetItem Item(string root, int line, Func<string, string> cell, Func<string, string, InvalidInputException> wrong)
    {
        string name = cell("file_name").Replace('\\', '/');
        if (name.Length == 0)
        {
            throw wrong("file_name", "the cell is empty");
        }

        string full = Path.GetFullPath(name, root);
        if (!full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw wrong("file_name", $"'{name}' leads out of the folder");
        }

        if (!File.Exists(full))
        {
            throw wrong("file_name", $"there is no file '{name}'");
        }

        return new DatasetItem
        {
            FileName = name,
            FullPath = full,
            Caption = NullIfEmpty(cell("caption")),
            Label = NullIfEmpty(cell("label")),
            Split = ParseSplit(cell("split")) ?? throw wrong("split", $"got '{cell("split")}'; allowed are train, validation (or val), test and nothing"),
            PatientId = NullIfEmpty(cell("patient_id")),
            Line = line,
        };
    }

    private static DatasetItem[] FromClassFolders(string root)
    {
        string[] top = Folders(root);
        bool hasSplits = top.Length > 0 && top.All(folder => ParseSplit(Path.GetFileName(folder)) is not (null or DatasetSplit.None));
        DatasetItem[] items =
        [
            .. from parent in hasSplits ? top : [root]
               from folder in Folders(parent)
               from file in Clips(folder)
               select new DatasetItem
               {
                   FileName = Path.GetRelativePath(root, file).Replace('\\', '/'),
                   FullPath = file,
                   Label = Path.GetFileName(folder),
                   Split = hasSplits ? ParseSplit(Path.GetFileName(parent))!.Value : DatasetSplit.None,
               },
        ];
        return items.Length > 0 ? items : throw new InvalidInputException(
            "folder", $"'{Path.GetFileName(root)}' has neither {Csv} nor {JsonLines} nor a folder for each class with clips ({string.Join(" ", Media)}) in it.");
    }

    private static string[] Folders(string parent) =>
        [.. Directory.EnumerateDirectories(parent).Where(folder => !Path.GetFileName(folder).StartsWith('.')).Order(StringComparer.Ordinal)];

    private static string[] Clips(string folder)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder).Where(file => Media.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal),
        ];
        return files.Length > 0
            ? files
            : throw new InvalidInputException("folder", $"class '{Path.GetFileName(folder)}' has no clip; a class folder holds files of {string.Join(" ", Media)}.");
    }

    private static DatasetSplit? ParseSplit(string text) => text.ToLowerInvariant() switch
    {
        "" => DatasetSplit.None,
        "train" => DatasetSplit.Train,
        "validation" or "val" => DatasetSplit.Validation,
        "test" => DatasetSplit.Test,
        _ => null,
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static InvalidInputException WrongLine(int line, string column, string what) =>
        new("folder", $"{JsonLines}, line {line}, {column}: {what}.");
}

using MedGen.Abstractions.Errors;
using MedGen.Datasets.Division;

namespace MedGen.Datasets.Reading;

/// <summary>
/// Reads a user's data set folder: <c>metadata.csv</c> or <c>metadata.jsonl</c> with the columns file_name and any of caption, label, split, patient_id, licence and
/// attribution; EchoNet's <c>FileList.csv</c>; or, without them, a folder for each class, which may lie in folders named train, validation and test.
/// </summary>
public static class DatasetFolder
{
    private const string PatientColumn = "patient_id";
    private static readonly string[] Media = [".mp4", ".mov", ".mkv", ".webm", ".avi", ".gif", ".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"];

    /// <summary>Reads and checks a folder. Files are named, not opened.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="groupColumn">Column that says what must not be in two splits; null: patient_id, where there is one.</param>
    /// <returns>All items, in the order of the metadata or of their names; at least one.</returns>
    /// <exception cref="InvalidInputException">
    /// The folder or a file is missing, a line is wrong, a class has no clip, a file is named twice, or a patient is in two splits.
    /// </exception>
    public static IReadOnlyList<DatasetItem> Read(string folder, string? groupColumn = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException("folder", $"there is no folder '{folder}'.");
        }

        string root = Path.GetFullPath(folder);
        IReadOnlyList<MetadataRow>? rows = MetadataTable.Find(root);
        if (groupColumn is not null && rows?.Any(row => row[groupColumn].Length > 0) != true)
        {
            throw new InvalidInputException(
                "group_column", $"there is no column '{groupColumn}'; {(rows is null ? "class folders have none" : $"the columns are {string.Join(", ", rows[0].Cells.Keys)}")}.");
        }

        IReadOnlyList<DatasetItem> items = rows is null ? FromClassFolders(root) : [.. rows.Select(row => Item(root, row, groupColumn ?? PatientColumn))];
        if (items.GroupBy(item => item.FullPath).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InvalidInputException("file_name", $"'{twice.First().FileName}' is there twice (lines {string.Join(", ", twice.Select(item => item.Line))}).");
        }

        PatientSplit.ThrowIfShared(items);
        return items;
    }

    private static DatasetItem Item(string root, MetadataRow row, string groupColumn)
    {
        string name = row["file_name"].Replace('\\', '/');
        if (name.Length == 0)
        {
            throw row.Wrong("file_name", "the cell is empty");
        }

        string full = Path.GetFullPath(name, root);
        if (!full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw row.Wrong("file_name", $"'{name}' leads out of the folder");
        }

        if (!File.Exists(full))
        {
            throw row.Wrong("file_name", $"there is no file '{name}'");
        }

        return new DatasetItem
        {
            FileName = name,
            FullPath = full,
            Caption = NullIfEmpty(row["caption"]),
            Label = NullIfEmpty(row["label"]),
            Split = ParseSplit(row["split"]) ?? throw row.Wrong("split", $"got '{row["split"]}'; allowed are train, validation (or val), test and nothing"),
            PatientId = NullIfEmpty(row[groupColumn]),
            Licence = NullIfEmpty(row["licence"]) ?? NullIfEmpty(row["license"]),
            Attribution = NullIfEmpty(row["attribution"]),
            Columns = row.Cells,
            Line = row.Line,
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
            "folder", $"'{Path.GetFileName(root)}' has neither {MetadataTable.Csv} nor {MetadataTable.JsonLines} nor {MetadataTable.EchoNet} nor a folder for each class with clips ({string.Join(" ", Media)}) in it.");
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
}

using MedGen.Sdk.Errors;
using MedGen.Datasets.Files;

namespace MedGen.Datasets.Reading;

/// <summary>
/// Reads a user's data set folder: <c>metadata.csv</c> or <c>metadata.jsonl</c> with the columns file_name and any of caption, label, split,
/// patient_id, licence and attribution, at the top or in each of the folders train, validation and test; EchoNet's <c>FileList.csv</c>; or, without
/// them, a folder for each class, at the top or in those folders, with clips at any depth below it.
/// </summary>
public static class DatasetFolder
{
    /// <summary>The field of a request that names the folder.</summary>
    internal const string Field = "data_folder";

    private const int DeepestFolder = 32;
    private const string PatientColumn = "patient_id";
    private static readonly string[] Media =
        [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".vob", ".wmv", ".asf", ".flv", ".3gp", ".ogv",
            ".mxf", ".dv", ".gif", ".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".dcm", ".nii"];

    /// <summary>The items of <see cref="List"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="groupColumn">As there.</param>
    /// <param name="scope">As there.</param>
    /// <returns>All items, in the order of the metadata or of their names; at least one.</returns>
    /// <exception cref="AccessDeniedException">As there.</exception>
    /// <exception cref="InvalidInputException">As there.</exception>
    public static IReadOnlyList<DatasetItem> Read(string folder, string? groupColumn = null, PathScope? scope = null) =>
        List(folder, groupColumn, scope).Items;

    /// <summary>Reads and checks a folder. Files are named, not opened.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="groupColumn">Column that says what must not be in two splits; null: patient_id, where there is one.</param>
    /// <param name="scope">Where lists, class folders and clips may lie; null: anywhere.</param>
    /// <returns>All items, and how many files of the folder are none. What a Mac leaves behind is neither.</returns>
    /// <exception cref="AccessDeniedException">One of them is a link that leads out of the scope.</exception>
    /// <exception cref="InvalidInputException">
    /// The folder or a file is missing, a line is wrong, a class has no clip, a file is named twice, or a patient is in two splits.
    /// </exception>
    public static DatasetContent List(string folder, string? groupColumn = null, PathScope? scope = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException("folder", $"there is no folder '{folder}'.");
        }

        string root = Path.GetFullPath(folder);
        PathScope allowed = scope ?? PathScope.Anywhere;
        IReadOnlyList<MetadataRow>? rows = MetadataTable.Find(root, allowed);
        if (groupColumn is not null && rows?.Any(row => row[groupColumn].Length > 0) != true)
        {
            throw new InvalidInputException(
                "group_column",
                $"there is no column '{groupColumn}'; "
                    + $"{(rows is null ? "class folders have none" : $"the columns are {string.Join(", ", rows[0].Cells.Keys)}")}.");
        }

        IReadOnlyList<DatasetItem> items = rows is null
            ? FromClassFolders(root, allowed)
            : [.. rows.Select(row => Item(root, row, groupColumn ?? PatientColumn))];
        if (items.GroupBy(item => item.FullPath).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InvalidInputException(
                "file_name", $"'{twice.First().FileName}' is there twice (lines {string.Join(", ", twice.Select(item => item.Line))}).");
        }

        foreach (DatasetItem item in items)
        {
            allowed.Resolve(item.FullPath, Field);
        }

        PatientSplit.ThrowIfShared(items);
        return new DatasetContent { Items = items, PassedOver = PassedOver.Count(root, items.Select(item => item.FullPath)) };
    }

    private static DatasetItem Item(string root, MetadataRow row, string groupColumn)
    {
        string name = row["file_name"].Replace('\\', '/');
        if (name.Length == 0)
        {
            throw row.Wrong("file_name", "the cell is empty");
        }

        if (name.Contains('\0', StringComparison.Ordinal))
        {
            throw row.Wrong("file_name", "it holds a null character");
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
            Split = SplitFolders.Parse(row["split"])
                ?? throw row.Wrong("split", $"got '{row["split"]}'; allowed: train, validation (or val), test and nothing"),
            PatientId = NullIfEmpty(row[groupColumn]),
            Licence = NullIfEmpty(row["licence"]) ?? NullIfEmpty(row["license"]),
            Attribution = NullIfEmpty(row["attribution"]),
            Columns = row.Cells,
            Line = row.Line,
        };
    }

    private static DatasetItem[] FromClassFolders(string root, PathScope scope)
    {
        string[] splits = SplitFolders.Find(root, scope);
        DatasetItem[] items =
        [
            .. from parent in splits is [] ? [root] : splits
               from folder in SplitFolders.FoldersIn(parent, scope)
               from file in Clips(folder, scope)
               select new DatasetItem
               {
                   FileName = Path.GetRelativePath(root, file).Replace('\\', '/'),
                   FullPath = file,
                   Label = Path.GetFileName(folder),
                   Split = splits is [] ? DatasetSplit.None : SplitFolders.Parse(Path.GetFileName(parent))!.Value,
               },
        ];
        return items.Length > 0 ? items : throw new InvalidInputException(
            "folder",
            $"'{Path.GetFileName(root)}' has neither {MetadataTable.Csv} nor {MetadataTable.JsonLines} nor {MetadataTable.EchoNet} nor a folder for "
                + $"each class with clips ({string.Join(" ", Media)}) in it.");
    }

    private static string[] Clips(string folder, PathScope scope)
    {
        string name = Path.GetFileName(folder);
        if (Array.Find(SplitFolders.FoldersIn(folder, scope), inner => SplitFolders.Parse(Path.GetFileName(inner)) is not null) is { } split)
        {
            throw new InvalidInputException(
                "folder", $"class '{name}' holds a folder '{Path.GetFileName(split)}'; folders of splits stand above those of the classes.");
        }

        string[] files = [.. ClipsBelow(folder, scope, depth: 0)];
        return files.Length > 0
            ? files
            : throw new InvalidInputException("folder", $"class '{name}' has no clip; a class folder holds files of {string.Join(" ", Media)}.");
    }

    private static IEnumerable<string> ClipsBelow(string folder, PathScope scope, int depth) => depth == DeepestFolder
        ? throw new InvalidInputException("folder", $"folders of clips lie more than {DeepestFolder} deep.")
        : Directory.EnumerateFiles(folder)
            .Where(file => IsMedia(file) && !PassedOver.IsMacLeftover(Path.GetFileName(file)))
            .Order(StringComparer.Ordinal)
            .Concat(SplitFolders.FoldersIn(folder, scope).SelectMany(inner => ClipsBelow(inner, scope, depth + 1)));

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static bool IsMedia(string file) =>
        Media.Contains(Path.GetExtension(file).ToLowerInvariant()) || file.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase);
}

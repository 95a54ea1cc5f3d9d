using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;

namespace MedGen.Curation.Videos;

/// <summary>The films of a folder, at any depth, and what <c>metadata.csv</c> or <c>metadata.jsonl</c> at its top says of them.</summary>
/// <param name="Root">The folder, a full path.</param>
/// <param name="Videos">The films in the order of their names, not opened yet.</param>
/// <param name="PassedOver">Files that are no films, counted by extension.</param>
internal sealed record InputFolder(string Root, IReadOnlyList<SourceVideo> Videos, IReadOnlyDictionary<string, int> PassedOver)
{
    private static readonly HashSet<string> Films = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".vob", ".wmv", ".asf", ".3gp", ".ogv", ".mxf", ".dv",
    };

    /// <summary>Lists a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidInputException">It does not exist, has no film, or its list names a film that is not there, or one twice.</exception>
    public static InputFolder Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException("in", $"there is no folder '{folder}'.");
        }

        string root = Path.GetFullPath(folder);
        Dictionary<string, IReadOnlyDictionary<string, string>> rows = Rows(root);
        string[] files = [.. PassedOver(root).Where(file => Films.Contains(Path.GetExtension(file)))];
        SourceVideo[] videos = [.. files.Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Select(name => new SourceVideo { FileName = name, Columns = rows.GetValueOrDefault(name) ?? new Dictionary<string, string>() })];
        if (rows.Keys.Except(videos.Select(video => video.FileName)).FirstOrDefault() is { } missing)
        {
            throw new InvalidInputException("in", $"the list names '{missing}', and there is no such film; allowed: {string.Join(" ", Films.Order())}.");
        }

        return videos.Length > 0
            ? new InputFolder(root, videos, Datasets.Reading.PassedOver.Count(root, files))
            : throw new InvalidInputException("in", $"'{Path.GetFileName(root)}' has no film ({string.Join(" ", Films.Order())}).");

        static string[] PassedOver(string root) => Datasets.Reading.PassedOver.FilesBelow(root);
    }

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Rows(string root)
    {
        Dictionary<string, IReadOnlyDictionary<string, string>> rows = new(StringComparer.Ordinal);
        string[] lists = [.. new[] { MetadataTable.Csv, MetadataTable.JsonLines }.Where(name => File.Exists(Path.Combine(root, name)))];
        foreach (MetadataRow row in lists.Length == 0 ? [] : MetadataTable.Find(root)!)
        {
            string name = MedVideoCapFields.NameOf(row.Cells).Replace('\\', '/');
            if (name.Length == 0)
            {
                throw row.Wrong("file_name", "the cell is empty");
            }

            if (!rows.TryAdd(name, MedVideoCapFields.Renamed(row.Cells)))
            {
                throw row.Wrong("file_name", $"'{name}' is there twice");
            }
        }

        return rows;
    }
}

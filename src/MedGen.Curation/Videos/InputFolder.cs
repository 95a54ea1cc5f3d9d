using MedGen.Sdk.Errors;

namespace MedGen.Curation.Videos;

/// <summary>The films of a folder, at any depth, and what a list says of them.</summary>
/// <param name="Root">The folder, a full path.</param>
/// <param name="Videos">The films in the order of their names, not opened yet.</param>
/// <param name="PassedOver">Files that are no films, counted by extension.</param>
internal sealed record InputFolder(string Root, IReadOnlyList<SourceVideo> Videos, IReadOnlyDictionary<string, int> PassedOver)
{
    private static readonly HashSet<string> Films = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".vob", ".wmv", ".asf", ".3gp", ".ogv", ".mxf",
            ".dv",
    };

    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Nothing = [];

    /// <summary>Lists a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="list">The list; null: <c>metadata.csv</c> or <c>metadata.jsonl</c> at the top of the folder, where there is one.</param>
    /// <exception cref="InvalidInputException">It does not exist, has no film, or its list is wrong or names a film that is not there.</exception>
    public static InputFolder Read(string folder, string? list = null)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException("in", $"there is no folder '{folder}'.");
        }

        string root = Path.GetFullPath(folder);
        string[] files = [.. Datasets.Reading.PassedOver.FilesBelow(root).Where(file => Films.Contains(Path.GetExtension(file)))];
        string[] names = [.. files.Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))];
        if (names.Length == 0)
        {
            throw new InvalidInputException("in", $"'{Path.GetFileName(root)}' has no film ({string.Join(" ", Films.Order())}).");
        }

        string? found = list ?? FilmList.Names.Select(name => Path.Combine(root, name)).FirstOrDefault(File.Exists);
        Dictionary<string, IReadOnlyDictionary<string, string>> rows = new(StringComparer.Ordinal);
        foreach ((string name, IReadOnlyDictionary<string, string> cells) in found is null ? Nothing : FilmList.Read(found))
        {
            rows[FilmOf(name, names)] = cells;
        }

        return new InputFolder(
            root, [.. names.Select(name =>
                new SourceVideo { FileName = name, Columns = rows.GetValueOrDefault(name) ?? new Dictionary<string, string>() })],
            Datasets.Reading.PassedOver.Count(root, files));
    }

    // By its path; else by its name alone, with or without the extension, as public manifests have it.
    private static string FilmOf(string name, string[] films)
    {
        string[] fitting = films.Contains(name)
            ? [name]
            : [.. films.Where(film => Path.GetFileName(film) == Path.GetFileName(name)
                || Path.GetFileNameWithoutExtension(film) == Path.GetFileName(name))];
        return fitting switch
        {
            [var only] => only,
            [] => throw new InvalidInputException("list", $"names '{name}', and there is no such film."),
            _ => throw new InvalidInputException("list", $"names '{name}', which may be {string.Join(" or ", fitting.Take(3))}; give the path."),
        };
    }
}

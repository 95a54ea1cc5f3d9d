namespace MedGen.Datasets.Reading;

/// <summary>Which files of a data set's folder are data, and which are left over from elsewhere.</summary>
internal static class PassedOver
{
    private static readonly EnumerationOptions Everything =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>Whether a path is what a Mac adds to archives and folders (<c>._NAME</c>, <c>__MACOSX</c>, <c>.DS_Store</c>): never data.</summary>
    public static bool IsMacLeftover(string path) =>
        path.Split('/', '\\').Any(part => part == "__MACOSX" || part == ".DS_Store" || part.StartsWith("._", StringComparison.Ordinal));

    /// <summary>All files below a folder in the order of their names, without leftovers; links are not followed.</summary>
    public static string[] FilesBelow(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*",
            Everything).Where(file => !IsMacLeftover(Path.GetRelativePath(folder, file))).Order(StringComparer.Ordinal)];

    /// <summary>How many files of each kind were not taken.</summary>
    /// <param name="root">The data set.</param>
    /// <param name="taken">Full paths of what was.</param>
    /// <returns>Count by extension in lower case, or by <c>no extension</c>; lists of clips are not counted.</returns>
    public static IReadOnlyDictionary<string, int> Count(string root, IEnumerable<string> taken)
    {
        HashSet<string> all = [.. FilesBelow(root)];
        all.ExceptWith(taken);
        all.RemoveWhere(file => Path.GetFileName(file) is MetadataTable.Csv or MetadataTable.JsonLines or MetadataTable.EchoNet);
        return all.GroupBy(file => Path.GetExtension(file) is { Length: > 0 } extension ? extension.ToLowerInvariant() : "no extension")
            .OrderBy(kind => kind.Key, StringComparer.Ordinal).ToDictionary(kind => kind.Key, kind => kind.Count(), StringComparer.Ordinal);
    }
}

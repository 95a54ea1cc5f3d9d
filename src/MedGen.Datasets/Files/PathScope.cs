using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Files;

/// <summary>
/// Folders that files may be read from and written to. A path is judged by where it really leads, and the answer is that real path, to be opened
/// instead of the one that was asked for. Whoever can write in the folders could still put a link in the moment between the answer and the opening:
/// ask at each opening.
/// </summary>
public sealed class PathScope
{
    private readonly string[]? _roots;

    private PathScope(IEnumerable<string>? roots) => _roots = roots is null ? null : [.. roots];

    /// <summary>Every path, and links are followed: for whoever runs with no more rights than the one who asks.</summary>
    public static PathScope Anywhere { get; } = new(null);

    /// <summary>The folders named, and what is in them. A folder that is itself a link is the folder to which it leads.</summary>
    /// <param name="roots">The folders.</param>
    /// <returns>The scope.</returns>
    public static PathScope Within(IEnumerable<string> roots)
    {
        ArgumentNullException.ThrowIfNull(roots);
        return new PathScope(roots);
    }

    /// <summary>Follows the links of a path; it need not be there yet.</summary>
    /// <param name="path">The path.</param>
    /// <param name="field">The field that it comes from, for the error.</param>
    /// <returns>The path without links; as it was given where every path is allowed.</returns>
    /// <exception cref="AccessDeniedException">It lies in none of the folders, or a link leads out of them.</exception>
    public string Resolve(string path, string field)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (_roots is null)
        {
            return path;
        }

        if (!_roots.Any(root => Contains(Path.GetFullPath(root), Path.GetFullPath(path)))
            && !_roots.Any(root => Contains(RealPath.Of(root), Path.GetFullPath(path))))
        {
            throw new AccessDeniedException(
                $"{field}: The folder is none of those that this host allows; upload the data set as a tar file instead.");
        }

        string real;
        try
        {
            real = RealPath.Of(path);
        }
        catch (IOException exception)
        {
            throw new AccessDeniedException($"{field}: {exception.Message}");
        }

        return _roots.Any(root => Contains(RealPath.Of(root), real))
            ? real
            : throw new AccessDeniedException(
                $"{field}: '{Path.GetFileName(Path.TrimEndingDirectorySeparator(path))}' leads by a link out of the folders that this host allows.");
    }

    /// <summary>Looks for links below a folder that lead out of the scope. Nothing happens where the folder is not there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="field">The field that it comes from, for the error.</param>
    /// <exception cref="AccessDeniedException">There is one.</exception>
    public void RequireTree(string folder, string field)
    {
        if (_roots is null || !Directory.Exists(folder))
        {
            return;
        }

        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry.LinkTarget is not null)
            {
                Resolve(entry.FullName, field);
            }
            else if (entry is DirectoryInfo)
            {
                RequireTree(entry.FullName, field);
            }
        }
    }

    private static bool Contains(string root, string path) =>
        (path + Path.DirectorySeparatorChar)
            .StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

namespace MedGen.Datasets.Files;

/// <summary>Paths as the file system follows them.</summary>
public static class RealPath
{
    // As Linux has it.
    private const int MostLinks = 40;

    /// <summary>Follows every link in a path, in the folders above as well; what does not exist yet is kept as it is.</summary>
    /// <param name="path">The path.</param>
    /// <returns>A full path without links.</returns>
    /// <exception cref="IOException">The links lead round in a circle.</exception>
    public static string Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string real = Path.GetPathRoot(Path.GetFullPath(path))!;
        Stack<string> parts = new();

        // Not by Path.GetFullPath: it takes 'link/..' for the folder of the link, the file system for the folder of its target.
        Push(parts, Path.IsPathRooted(path) ? path : Path.Combine(Environment.CurrentDirectory, path));
        int links = 0;
        while (parts.TryPop(out string? part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            string next = Path.Combine(real, part);
            string? target = Directory.Exists(next) ? new DirectoryInfo(next).LinkTarget : new FileInfo(next).LinkTarget;
            if (target is null)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException($"'{Path.GetFileName(path)}' leads through more than {MostLinks} links.");
            }

            real = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : real;
            Push(parts, target);
        }

        return real;
    }

    private static void Push(Stack<string> parts, string path)
    {
        string[] names = path[Path.GetPathRoot(path)!.Length..]
            .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in names.Reverse().Where(name => name != "."))
        {
            parts.Push(name);
        }
    }
}

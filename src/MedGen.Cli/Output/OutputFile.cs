namespace MedGen.Cli.Output;

/// <summary>The file that a command is asked to write.</summary>
internal static class OutputFile
{
    /// <summary>Makes its folder, before the work is done that would otherwise be lost.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The same path.</returns>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static string Prepare(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return path;
    }
}

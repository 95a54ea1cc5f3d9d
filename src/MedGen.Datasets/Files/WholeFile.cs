namespace MedGen.Datasets.Files;

/// <summary>Files that are there whole or not at all: written beside their place, then moved onto it.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file by a method that takes a path.</summary>
    /// <param name="path">Where the file is to be; one that is there is replaced.</param>
    /// <param name="write">Writes to the path that it is given.</param>
    public static void Write(string path, Action<string> write)
    {
        string temporary = $"{path}.tmp";
        write(temporary);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Writes text in UTF-8.</summary>
    /// <param name="path">Where the file is to be; one that is there is replaced.</param>
    /// <param name="text">Its content.</param>
    public static void Write(string path, string text) => Write(path, temporary => File.WriteAllText(temporary, text));
}

namespace MedGen.Datasets.Files;

/// <summary>Files that are there whole or not at all: written beside their place, then moved onto it. One writer of a file at a time.</summary>
public static class WholeFile
{
    /// <summary>Writes a file by a method that takes a path.</summary>
    /// <param name="path">Where the file is to be; one that is there is replaced.</param>
    /// <param name="write">Writes to the path that it is given. Where it throws, nothing is left, and a file that was there stays.</param>
    public static void Write(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string temporary = Beside(path);
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes text in UTF-8.</summary>
    /// <param name="path">Where the file is to be; one that is there is replaced.</param>
    /// <param name="text">Its content.</param>
    public static void Write(string path, string text) => Write(path, temporary => File.WriteAllText(temporary, text));

    /// <summary>As <see cref="Write(string, Action{string})"/>, for a method that waits, or is cancelled, on its way.</summary>
    /// <param name="path">Where the file is to be; one that is there is replaced.</param>
    /// <param name="write">Writes to the path that it is given.</param>
    /// <returns>Completes when the file is there.</returns>
    public static async Task WriteAsync(string path, Func<string, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string temporary = Beside(path);
        try
        {
            await write(temporary).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static string Beside(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return $"{path}.tmp";
    }
}

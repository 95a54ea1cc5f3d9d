using Microsoft.Win32.SafeHandles;

namespace MedGen.Sdk.Files;

/// <summary>
/// Files that are there whole or not at all, after a crash too: written beside their place, flushed to disk, then moved onto it. One writer of a file
/// at a time.
/// </summary>
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
            Replace(temporary, path);
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
            Replace(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Moves a finished file onto its place once its content is on disk: a file system may otherwise carry out the move first.</summary>
    /// <param name="temporary">The finished file, on the same file system.</param>
    /// <param name="path">Where the file is to be; one that is there is replaced.</param>
    public static void Replace(string temporary, string path)
    {
        using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static string Beside(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return $"{path}.tmp";
    }
}

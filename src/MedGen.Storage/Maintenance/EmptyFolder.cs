using MedGen.Sdk.Errors;
using MedGen.Storage.Opening;

namespace MedGen.Storage.Maintenance;

/// <summary>A folder that something whole is written to, and that therefore must hold nothing yet.</summary>
internal static class EmptyFolder
{
    /// <exception cref="FailedPreconditionException">Something is in it, or it is a file (<c>FOLDER_NOT_EMPTY</c>).</exception>
    public static void Require(string folder, string what)
    {
        if (File.Exists(folder) || (Directory.Exists(folder)
            && Directory.EnumerateFileSystemEntries(folder).Any(path => !FolderMark.BesideNothing.Contains(Path.GetFileName(path)))))
        {
            throw new FailedPreconditionException(
                "FOLDER_NOT_EMPTY", $"The {what} goes to a new or empty folder, and '{folder}' is neither. Nothing was changed.");
        }
    }
}

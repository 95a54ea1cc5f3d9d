using MedGen.Sdk.Errors;
using MedGen.Storage.Disks;

namespace MedGen.Storage.Opening;

/// <summary>The file that keeps a second host out of a data folder, whose recovery would disturb the first one's jobs.</summary>
internal static class FolderLock
{
    /// <summary>Takes the folder for one process alone; the file is made where it is missing.</summary>
    /// <exception cref="FailedPreconditionException">Another process has it (<c>DATA_FOLDER_IN_USE</c>).</exception>
    public static FileStream Take(DataPaths paths) => Open(paths, () => new FileStream(paths.LockFile, DataFolder.NewFile(FileMode.OpenOrCreate)));

    /// <summary>
    /// Shares the folder with others who only look, and keeps hosts out for that moment: what is read is one state. The file must be there.
    /// </summary>
    /// <exception cref="FailedPreconditionException">A host has it (<c>DATA_FOLDER_IN_USE</c>).</exception>
    public static FileStream Share(DataPaths paths) =>
        Open(paths, () => new FileStream(paths.LockFile, FileMode.Open, FileAccess.Read, FileShare.Read));

    private static FileStream Open(DataPaths paths, Func<FileStream> open)
    {
        try
        {
            return open();
        }
        // A disk that is full, fails or is read-only says so itself.
        catch (IOException exception) when (StoreSpace.Refusal(exception) is null)
        {
            throw new FailedPreconditionException("DATA_FOLDER_IN_USE", $"The data folder '{paths.Root}' is in use by another host.", exception);
        }
    }
}

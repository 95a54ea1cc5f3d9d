using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MedGen.Storage.Disks;

/// <summary>
/// Writes the names in a folder to disk, which .NET does not do: a file whose bytes are on disk is lost in a power cut all the same as long as its
/// name is not (fsync(2), notes).
/// </summary>
internal static partial class DurableNames
{
    private const int ReadOnlyFolder = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC on x86-64; opening fails where they mean something else
    private const int ReadOnlyFolderOnArm = 0x4000 | 0x80000;

    // EINVAL and ENOTSUP: the file system cannot do this, and keeps names as well as it can.
    private const int Invalid = 22;
    private const int NotSupported = 95;

    /// <summary>Returns when the names in a folder, new ones and those that are gone, survive a power cut. Windows does so by itself.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int flags = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ReadOnlyFolderOnArm : ReadOnlyFolder;
        int descriptor = Open(folder, flags);
        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        try
        {
            if (Synchronize(descriptor) != 0 && Marshal.GetLastPInvokeError() is not (Invalid or NotSupported))
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string folder)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{new Win32Exception(error).Message} : '{folder}'", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}

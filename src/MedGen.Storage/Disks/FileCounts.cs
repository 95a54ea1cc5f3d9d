using System.Runtime.InteropServices;

namespace MedGen.Storage.Disks;

/// <summary>How many files a file system can hold, which .NET does not tell.</summary>
internal static partial class FileCounts
{
    /// <summary>Asks Linux.</summary>
    /// <returns>Free and all inodes; null: the file system counts none, or does not answer.</returns>
    public static (long Free, long Total)? Read(string path) =>
        StatVfs(path, out FileSystemStatistics statistics) == 0 && statistics.Files > 0
            ? ((long)statistics.AvailableFiles, (long)statistics.Files)
            : null;

    [LibraryImport("libc", EntryPoint = "statvfs", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatVfs(string path, out FileSystemStatistics statistics);

    // struct statvfs of Linux on 64 bits, which glibc and musl lay out alike.
    [StructLayout(LayoutKind.Sequential)]
    private struct FileSystemStatistics
    {
        public ulong BlockSize;
        public ulong FragmentSize;
        public ulong Blocks;
        public ulong FreeBlocks;
        public ulong AvailableBlocks;
        public ulong Files;
        public ulong FreeFiles;
        public ulong AvailableFiles;
        public ulong Id;
        public ulong Flags;
        public ulong LongestName;
        public int Spare0;
        public int Spare1;
        public int Spare2;
        public int Spare3;
        public int Spare4;
        public int Spare5;
    }
}

using System.Runtime.InteropServices;

namespace MedGen.Cli.Connections;

/// <summary>
/// A folder of one command, for its user only, in the temporary folder. It may hold prompts and clips: it goes when the command ends, and where the
/// command was killed, when the next one of the same user makes its own.
/// </summary>
internal sealed partial class TemporaryFolder : IDisposable
{
    private const string Prefix = "medgen-run-";

    // Locked as long as its process lives.
    private const string HeldName = "held";

    private readonly FileStream _held;

    private TemporaryFolder(string path)
    {
        Path = path;
        _held = Hold(path, FileMode.CreateNew);
    }

    public string Path { get; }

    /// <summary>Makes a folder, and removes those that killed commands have left.</summary>
    /// <param name="place">Where; null: the temporary folder.</param>
    public static TemporaryFolder Create(string? place = null)
    {
        place ??= System.IO.Path.GetTempPath();
        foreach (string left in Directory.GetDirectories(place, Prefix + "*").Where(IsLeft))
        {
            Remove(left);
        }

        string path = System.IO.Path.Combine(place, Prefix + Guid.NewGuid().ToString("N"));
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new TemporaryFolder(path);
    }

    public void Dispose()
    {
        _held.Dispose();
        Remove(Path);
    }

    // Others may put folders of this name there, and links: theirs are left alone, whatever root may do.
    private static bool IsLeft(string path)
    {
        if (!File.Exists(System.IO.Path.Combine(path, HeldName)) || !IsMine(path))
        {
            return false;
        }

        try
        {
            Hold(path, FileMode.Open).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Its command is at work, or another one removes it.
            return false;
        }
    }

    private static FileStream Hold(string path, FileMode mode) =>
        new(System.IO.Path.Combine(path, HeldName), mode, FileAccess.ReadWrite, FileShare.None);

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another command removes it at this moment, or what is left goes with the next one.
        }
    }

    private static bool IsMine(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new DirectoryInfo(path).LinkTarget is null;
        }

        const int NotThroughLinks = 0x100;
        const uint OwnerAndType = 0x1 | 0x8;
        return Status(AtWorkingFolder, path, NotThroughLinks, OwnerAndType, out FileStatus status) == 0
            && status.User == EffectiveUser() && (status.Mode & TypeMask) == FolderType;
    }

    private const int AtWorkingFolder = -100;
    private const ushort TypeMask = 0xF000;
    private const ushort FolderType = 0x4000;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();

    // statx(2): the same layout on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Status(int folder, string path, int flags, uint mask, out FileStatus status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(28)]
        public ushort Mode;
    }
}

using System.Runtime.InteropServices;

namespace MedGen.Cli.Commands;

/// <summary>The mode of new files of this process and of the programs that it starts.</summary>
internal static partial class PrivateFiles
{
    // Group and others get nothing, in octal 077.
    private const int GroupAndOthers = 0x3F;

    /// <summary>Makes new files 0600 and new folders 0700. Windows has no such mode: there the folder's own rights count.</summary>
    public static void UseFromNowOn()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask(GroupAndOthers);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetMask(int mask);
}

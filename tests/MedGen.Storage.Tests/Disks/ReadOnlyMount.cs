using System.Runtime.InteropServices;

namespace MedGen.Storage.Tests.Disks;

/// <summary>
/// A folder that is read-only for one thread: in a mount namespace of its own, the folder is mounted over itself read-only. What others have open
/// stays as it is.
/// </summary>
internal static class ReadOnlyMount
{
    private const int NewNamespace = 0x20000;
    private const ulong ReadOnly = 1;
    private const ulong Remount = 32;
    private const ulong Bind = 4096;
    private const ulong Recursive = 16384;
    private const ulong Private = 1 << 18;

    /// <summary>Runs something on such a thread.</summary>
    /// <returns>Whether this system allows it; false: nothing was run.</returns>
    public static bool Run(string folder, Action action)
    {
        bool isAllowed = false;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                isAllowed = OperatingSystem.IsLinux()
                    && Unshare(NewNamespace) == 0
                    && Mount("none", "/", null, Recursive | Private, 0) == 0
                    && Mount(folder, folder, null, Bind, 0) == 0
                    && Mount("none", folder, null, Remount | Bind | ReadOnly, 0) == 0;
                if (isAllowed)
                {
                    action();
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? isAllowed : throw new InvalidOperationException("It failed on the read-only thread.", failure);
    }

    [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static extern int Unshare(int flags);

    [DllImport("libc", EntryPoint = "mount", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Mount(string source, string target, string? type, ulong flags, nint data);
}

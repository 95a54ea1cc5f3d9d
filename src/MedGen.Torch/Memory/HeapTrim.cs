using System.Runtime.InteropServices;

namespace MedGen.Torch.Memory;

/// <summary>
/// Gives memory back to the system that the C library's allocator keeps: pieces of tens of megabytes, which a decode takes and returns by the
/// hundred, leave holes that other sizes do not fit into. With glibc only; elsewhere nothing happens.
/// </summary>
public static partial class HeapTrim
{
    private static readonly bool IsThere =
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad(
            "libc.so.6", out nint library) && NativeLibrary.TryGetExport(library, "malloc_trim", out _);

    /// <summary>Takes some milliseconds, more the more there is.</summary>
    public static void Run()
    {
        if (IsThere)
        {
            _ = Trim(0);
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint keep);
}

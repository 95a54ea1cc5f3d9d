using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MedGen.PluginHost.Isolation.Worker;

/// <summary>Keeps standard output for the line to the host, and lets what the plugin and its libraries print go to standard error.</summary>
internal static partial class ProtocolOutput
{
    private const int SetPipeSize = 1031; // F_SETPIPE_SZ
    private const int PipeBytes = 1 << 20; // what everybody may ask for; a frame of 224 x 224 px in one go
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>Takes standard output; once in a process.</summary>
    public static Stream Take()
    {
        int kept = Duplicate(StandardOutput);
        if (kept < 0 || DuplicateTo(StandardError, StandardOutput) < 0)
        {
            throw new Win32Exception();
        }

        // Where it is refused the pipes stay as they are, and frames come in pieces.
        _ = Control(kept, SetPipeSize, PipeBytes);
        _ = Control(StandardInput, SetPipeSize, PipeBytes);
        return new FileStream(new SafeFileHandle(kept, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int DuplicateTo(int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MedGen.Sandbox;

/// <summary>Ends a child with everything that it has started, wherever in its start that finds it.</summary>
public static partial class ProcessTree
{
    private const int Stop = 19; // SIGSTOP
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Ends a process and its descendants at once; one that has ended already is left alone.</summary>
    /// <param name="process">A child of this process.</param>
    public static void Kill(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        try
        {
            if (!process.HasExited)
            {
                Halt(process.Id);
                process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself: nothing is left to kill.
        }
    }

    // A sandbox that is killed in the middle of its start would leave behind the process that it was just making, which nobody ends any more and
    // which holds its pipes open. Stopped, and seen to be so, it makes none after its children are looked for.
    private static void Halt(int id)
    {
        if (!OperatingSystem.IsLinux() || Signal(id, Stop) != 0)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        while (StateOf(id) is not ('T' or 't' or 'Z' or 'X' or null) && Stopwatch.GetElapsedTime(start) < Patience)
        {
            Thread.Yield();
        }
    }

    // The letter behind the name, which stands in parentheses and may hold any character.
    private static char? StateOf(int id)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int id, int signal);
}

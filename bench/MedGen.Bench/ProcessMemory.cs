using System.Globalization;
using MedGen.Torch.Memory;

namespace MedGen.Bench;

/// <summary>Resident memory of this process. Linux only: it reads the process's own status.</summary>
internal static class ProcessMemory
{
    /// <summary>Bytes that are resident once the allocator has given back what it only keeps.</summary>
    public static long Resident
    {
        get
        {
            GC.Collect();
            HeapTrim.Run();
            return Status("VmRSS");
        }
    }

    /// <summary>Most bytes that were resident while an action ran.</summary>
    /// <param name="action">What to run.</param>
    public static long PeakOf(Action action)
    {
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5"); // the high-water mark begins anew
        action();
        return Status("VmHWM");
    }

    private static long Status(string field)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line[(field.Length + 1)..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}

using System.Globalization;

namespace MedGen.Bench.Soak;

/// <summary>What a host's process holds at a moment. Linux only: it reads the process's own status.</summary>
/// <param name="Minutes">Time since the load began.</param>
/// <param name="MemoryMebibytes">Resident memory.</param>
/// <param name="Handles">Open file descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="TemporaryFiles">Files in the making in the data folder, and in the system's temporary folder, which is the process's own here.</param>
internal sealed record SoakSample(double Minutes, double MemoryMebibytes, int Handles, int Threads, int TemporaryFiles)
{
    public static SoakSample Take(int processId, string[] temporary, TimeSpan elapsed)
    {
        string process = $"/proc/{processId}";
        string resident = File.ReadLines($"{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return new SoakSample(
            elapsed.TotalMinutes,
            long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0,
            Directory.GetFileSystemEntries($"{process}/fd").Length,
            Directory.GetDirectories($"{process}/task").Length,
            temporary.Sum(folder => Directory.GetFileSystemEntries(folder).Length));
    }
}

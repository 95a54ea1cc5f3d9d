using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace MedGen.Cli.Doctor;

/// <summary>What the machine brings: runtime, C++ library, memory, disk.</summary>
internal static class SystemChecks
{
    private const long Gibibyte = 1L << 30;
    private const long LittleMemory = 4 * Gibibyte;
    private const long LittleDisk = 5 * Gibibyte;

    public static CheckResult Runtime() => RuntimeInformation.OSArchitecture == Architecture.X64 && OperatingSystem.IsLinux()
        ? CheckResult.Ok(
            "runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores")
        : CheckResult.Failed(
            "runtime",
            $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
            "run on 64-bit x86 Linux; the native libraries are built for that alone");

    /// <summary>The newest GLIBCXX version that the loaded libstdc++ offers.</summary>
    public static CheckResult CppLibrary()
    {
        string? path = File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(file => Path.GetFileName(file).StartsWith("libstdc++.so", StringComparison.Ordinal));
        if (path is null)
        {
            return CheckResult.Failed("libstdc++", "not loaded", "install it: apt-get install libstdc++6");
        }

        int newest = NewestGlibcxx(File.ReadAllBytes(path));
        return newest >= 30
            ? CheckResult.Ok("libstdc++", $"GLIBCXX_3.4.{newest} ({Path.GetFileName(path)})")
            : CheckResult.Failed("libstdc++", $"GLIBCXX_3.4.{newest}, needed 3.4.30", "use Debian 12, Ubuntu 22.04, RHEL 9 or newer");
    }

    public static CheckResult Memory()
    {
        long available = ReadMemInfo("MemAvailable");
        string message = $"{Gigabytes(available)} GiB available of {Gigabytes(ReadMemInfo("MemTotal"))} GiB";
        return available >= LittleMemory
            ? CheckResult.Ok("memory", message)
            : CheckResult.Warning("memory", message, "the 1.3B model needs about 4 GiB in bfloat16; close other programs or use a smaller model");
    }

    public static CheckResult Disk(string folder)
    {
        string existing = folder;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing) ?? "/";
        }

        long free = new DriveInfo(existing).AvailableFreeSpace;
        string message = $"{Gigabytes(free)} GiB free for {folder}";
        return free >= LittleDisk
            ? CheckResult.Ok("disk", message)
            : CheckResult.Warning("disk", message, "free some space, or choose another folder with --data-dir");
    }

    private static int NewestGlibcxx(byte[] library)
    {
        ReadOnlySpan<byte> marker = "GLIBCXX_3.4."u8;
        int newest = 0;
        for (int at = library.AsSpan().IndexOf(marker); at >= 0;)
        {
            ReadOnlySpan<byte> rest = library.AsSpan(at + marker.Length);
            int end = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (end > 0 && int.TryParse(Encoding.ASCII.GetString(rest[..end]), NumberStyles.None, CultureInfo.InvariantCulture, out int minor))
            {
                newest = Math.Max(newest, minor);
            }

            int next = rest.IndexOf(marker);
            at = next < 0 ? -1 : at + marker.Length + next;
        }

        return newest;
    }

    private static long ReadMemInfo(string key)
    {
        string line = File.ReadLines("/proc/meminfo").First(l => l.StartsWith(key + ":", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static string Gigabytes(long bytes) => (bytes / (double)Gibibyte).ToString("0.0", CultureInfo.InvariantCulture);
}

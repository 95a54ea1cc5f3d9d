using System.ComponentModel;
using System.Diagnostics;

namespace MedGen.Sandbox;

/// <summary>The command line of bubblewrap, and whether it works here.</summary>
internal static class Bubblewrap
{
    /// <summary>The <c>PATH</c> of confined programs.</summary>
    public const string SearchPath = "/usr/local/bin:/usr/bin:/bin";

    private const int FilterDescriptor = 9;

    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(10);

    // /proc is for those that ask for it: programs that decode need none, and where parts of it are hidden (a container, a hardened unit) a new one
    // cannot be mounted.
    private static readonly string[] Base =
    [
        "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--ro-bind", "/usr", "/usr", "--ro-bind-try", "/bin", "/bin", "--ro-bind-try", "/sbin", "/sbin",
        "--ro-bind-try", "/lib", "/lib", "--ro-bind-try", "/lib64", "/lib64",
        "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives",
        "--dev", "/dev", "--remount-ro", "/dev", "--size", "268435456", "--tmpfs", "/tmp", "--chdir", "/",
    ];

    /// <summary>Why it cannot be used here; null: it works.</summary>
    public static Lazy<string?> WhyNot { get; } = new(() => Probe(needsProc: false));

    /// <summary>Why it cannot be used here for programs that need /proc; null: it works.</summary>
    public static Lazy<string?> WhyNotWithProc { get; } = new(() => WhyNot.Value ?? Probe(needsProc: true));

    /// <summary>How to start a program in it.</summary>
    /// <param name="command">What it may touch.</param>
    /// <param name="program">The program and its arguments, with what sets its limits in front.</param>
    public static ProcessStartInfo Start(SandboxedCommand command, IEnumerable<string> program)
    {
        string folder = Path.GetDirectoryName(command.Program)!;
        return new ProcessStartInfo(
            "/bin/sh",
            [
                // The shell opens the filter anew, at its beginning, and becomes bubblewrap: there is one child, and its id is the one to kill.
                "-c", $"exec bwrap --seccomp {FilterDescriptor} \"$@\" {FilterDescriptor}<\"$0\"", SystemCallFilter.LocationFor(command.NeedsNetwork),
                .. Base,
                .. command.NeedsNetwork ? (string[])["--share-net"] : [],
                .. command.NeedsProc ? (string[])["--proc", "/proc"] : [],
                .. folder.StartsWith("/usr/", StringComparison.Ordinal) ? (string[])[] : ["--ro-bind", folder, folder],
                .. command.Readable.SelectMany(path => new[] { "--ro-bind", path, path }),
                .. command.Writable.SelectMany(path => new[] { "--bind", path, path }),
                "--clearenv", "--setenv", "PATH", SearchPath,
                .. command.Environment.SelectMany(pair => new[] { "--setenv", pair.Key, pair.Value }),
                "--", .. program,
            ]);
    }

    private static string? Probe(bool needsProc)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "it needs Linux.";
        }

        if (!SearchPath.Split(':').Any(folder => File.Exists(Path.Combine(folder, "bwrap"))))
        {
            return "it is not installed.";
        }

        SandboxLimits limits = new() { AddressSpaceBytes = 1L << 30, CpuSeconds = 10 };
        SandboxedCommand nothing = new() { Program = "/usr/bin/true", Arguments = [], Limits = limits, NeedsProc = needsProc };
        ProcessStartInfo start = Start(nothing, ["prlimit", "--core=0", "--", "/usr/bin/true"]);
        start.RedirectStandardError = true;
        try
        {
            using Process process = Process.Start(start)!;
            if (!process.WaitForExit(ProbeLimit))
            {
                ProcessTree.Kill(process);
                return $"a probe did not end within {ProbeLimit.TotalSeconds:0} s.";
            }

            string said = process.StandardError.ReadToEnd().Trim().ReplaceLineEndings("; ");
            return process.ExitCode == 0 ? null : said.Length > 0 ? said : $"a probe ended with code {process.ExitCode}.";
        }
        catch (Win32Exception error)
        {
            return error.Message;
        }
    }
}

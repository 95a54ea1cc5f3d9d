using System.ComponentModel;
using System.Diagnostics;
using MedGen.Media;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Doctor;

/// <summary>The programs that media need.</summary>
internal static class ToolChecks
{
    /// <summary>What confines ffmpeg, tried with ffmpeg itself.</summary>
    public static async Task<CheckResult> SandboxAsync(CancellationToken cancellationToken)
    {
        const string Check = "sandbox";
        string program;
        try
        {
            program = MediaPrograms.Find("ffmpeg", new MediaOptions());
        }
        catch (FailedPreconditionException missing)
        {
            return CheckResult.Warning(Check, $"not tried: {missing.Message}", "install ffmpeg");
        }

        ProcessSandbox sandbox = ProcessSandbox.For(SandboxMode.Auto);
        using Process process = sandbox.Start(new SandboxedCommand
        {
            Program = program,
            Arguments = ["-version"],
            Limits = new SandboxLimits { AddressSpaceBytes = 4L << 30, CpuSeconds = 60 },
        });
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        string error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode != 0 ? CheckResult.Failed(Check, $"ffmpeg does not run in it: {error.Trim()}", "set media.sandbox to limits")
            : sandbox.Report.Reason is { } reason ? CheckResult.Warning(
                Check, $"{sandbox.Report.Message} (bubblewrap: {reason})", "install bubblewrap and allow user namespaces: docs/operations.md")
            : CheckResult.Ok(Check, sandbox.Report.Message);
    }

    /// <summary>What confines the processes of plugins, which need more than ffmpeg does.</summary>
    public static CheckResult Workers(SandboxReport report)
    {
        const string Check = "workers";
        return (report.Reason ?? report.ReasonWithProc) is not { } reason
            ? CheckResult.Ok(Check, $"plugins in processes of their own are confined as ffmpeg is; {Memory()}")
            : CheckResult.Warning(
                Check,
                $"plugins in processes of their own have resource limits only ({Memory()}), and the files and network of the host's user ({reason})",
                report.Reason is null
                    ? "run the host where /proc can be mounted: docs/operations.md"
                    : "install bubblewrap and allow user namespaces: docs/operations.md");
    }

    private static string Memory() => ControlGroup.InForce is { } groups
        ? $"their memory is limited by {groups}"
        : $"their address space is limited, and not the memory that they take (no control groups: {ControlGroup.WhyNot})";

    /// <summary>What decodes compressed pictures of DICOM files; everything else runs without it.</summary>
    public static CheckResult DicomDecoder()
    {
        const string Check = "dicom";
        const string Program = "gdcmconv";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Program)))
            ? CheckResult.Ok(Check, $"{Program} decodes JPEG, JPEG-LS and JPEG 2000")
            : CheckResult.Warning(Check, $"no {Program}: compressed pictures of DICOM files are not decoded",
                "install it: apt-get install libgdcm-tools");
    }

    public static async Task<CheckResult> ProgramAsync(string program, CancellationToken cancellationToken)
    {
        const string Cure = "install it: apt-get install ffmpeg (5 or later), or your system's package manager";
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, "-version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? CheckResult.Ok(program, output.Split('\n')[0].Split(" Copyright")[0])
                : CheckResult.Failed(program, $"ends with exit code {process.ExitCode}", Cure);
        }
        catch (Win32Exception)
        {
            return CheckResult.Failed(program, "not on the PATH", Cure);
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace MedGen.Cli.Doctor;

/// <summary>The programs that media need.</summary>
internal static class ToolChecks
{
    public static async Task<CheckResult> ProgramAsync(string program, CancellationToken cancellationToken)
    {
        const string Cure = "install it: apt-get install ffmpeg (5 or later), or your system's package manager";
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, "-version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
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

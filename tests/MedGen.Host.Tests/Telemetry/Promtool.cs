using System.Diagnostics;

namespace MedGen.Host.Tests.Telemetry;

/// <summary>Debian's promtool; installed where it is missing.</summary>
internal static class Promtool
{
    public static async Task InstallAsync()
    {
        if (!File.Exists("/usr/bin/promtool"))
        {
            await RunAsync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "prometheus"], "");
        }
    }

    public static Task<string> RunAsync(string[] arguments, string input) => RunAsync("promtool", arguments, input);

    private static async Task<string> RunAsync(string program, string[] arguments, string input)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(RunningHost.Token);
        Task<string> output = process.StandardOutput.ReadToEndAsync(RunningHost.Token);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(RunningHost.Token);
        process.ExitCode.ShouldBe(0, await error + await output);
        return await output;
    }
}

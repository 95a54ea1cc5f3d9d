using System.Diagnostics;

namespace MedGen.Host.Tests.Telemetry;

/// <summary>Debian's promtool.</summary>
internal static class Promtool
{
    public static async Task<string> RunAsync(string[] arguments, string input)
    {
        ProcessStartInfo start = new("promtool", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
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

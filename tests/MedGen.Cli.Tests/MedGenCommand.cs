using System.Diagnostics;

namespace MedGen.Cli.Tests;

/// <summary>Runs the built command as its users do: another process, its output and its exit code.</summary>
internal static class MedGenCommand
{
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params IEnumerable<string> arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts the command; the caller reads its output and disposes it.</summary>
    public static Process Start(params IEnumerable<string> arguments)
    {
        // The test's own output folder holds the command; plugins and models lie beside the command's own build.
        string command = RepositoryRoot.Path("src", "MedGen.Cli", "bin", "Release", "net10.0", "medgen.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [command, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}

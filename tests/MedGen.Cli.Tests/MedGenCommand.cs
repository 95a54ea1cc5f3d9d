using System.Diagnostics;

namespace MedGen.Cli.Tests;

/// <summary>Runs the built command as its users do: another process, its output and its exit code.</summary>
internal static class MedGenCommand
{
    public static string RepositoryRoot { get; } = FindRoot();

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params IEnumerable<string> arguments)
    {
        // The test's own output folder holds the command; plugins and models lie beside the command's own build.
        string command = Path.Combine(RepositoryRoot, "src", "MedGen.Cli", "bin", "Release", "net10.0", "medgen.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [command, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MedGen.Platform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No MedGen.Platform.sln above {AppContext.BaseDirectory}.");
    }
}

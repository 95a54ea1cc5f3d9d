using System.Diagnostics;
using System.Reflection;

namespace MedGen.Cli.Tests;

/// <summary>Runs the built command: inside the test's process, or as its users do, in one of its own.</summary>
internal static class MedGenCommand
{
    // The test's own output folder holds the command; plugins and models lie beside the command's own build.
    private static readonly string Folder = RepositoryRoot.Path("src", "MedGen.Cli", "bin", "Release", "net10.0");
    private static readonly MethodInfo EntryPoint = typeof(ExitCode).Assembly.EntryPoint!;

    /// <summary>The command's own build.</summary>
    public static string Library => Path.Combine(Folder, "medgen.dll");

    static MedGenCommand() => AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", Folder + Path.DirectorySeparatorChar);

    /// <summary>Runs the command's entry point here: most of a process's time goes into starting it.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params IEnumerable<string> arguments)
    {
        using CapturedConsole console = CapturedConsole.Start();
        int exitCode = await Task.Run(() => (int)EntryPoint.Invoke(null, [arguments.ToArray()])!, TestContext.Current.CancellationToken);
        return (exitCode, console.Output, console.Error);
    }

    /// <summary>Runs the command in a process of its own.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunProcessAsync(params IEnumerable<string> arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts the command in a process of its own; the caller reads its output and disposes it.</summary>
    public static Process Start(params IEnumerable<string> arguments) => Process.Start(StartInfo(arguments))!;

    /// <summary>How the command is started in a process of its own.</summary>
    public static ProcessStartInfo StartInfo(params IEnumerable<string> arguments) =>
        new("dotnet", [Library, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
}

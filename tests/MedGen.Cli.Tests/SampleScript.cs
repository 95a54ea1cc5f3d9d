using System.Diagnostics;

namespace MedGen.Cli.Tests;

/// <summary>A script of samples/ that starts servers, as its README says.</summary>
internal static class SampleScript
{
    /// <summary>Runs it with the built command, in a folder for temporary files of its own, in which it has to leave nothing.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string path, CancellationToken cancellationToken)
    {
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("medgen-sample-test-");
        try
        {
            // PostgreSQL's server runs as another user where root runs the test.
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                    | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            }

            ProcessStartInfo start = new("bash", [RepositoryRoot.Path(path.Split('/'))]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["MEDGEN"] = $"dotnet {MedGenCommand.Library}";
            start.Environment["TMPDIR"] = temporary.FullName;
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            finally
            {
                await EndAsync(process);
            }

            process.ExitCode.ShouldBe(0, await output + await errors);
            temporary.GetDirectories("medgen-*").ShouldBeEmpty();
            return await output;
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    // The script stops what it started when it is told to end; killed, it would leave a server behind.
    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            using Process told = Process.Start("kill", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}

using System.Diagnostics;

namespace MedGen.Cli.Tests;

/// <summary><c>samples/operations/hospital.sh</c>, as its README says. Skipped where what it starts is not installed.</summary>
[Long]
public sealed class HospitalTests
{
    [Fact(Timeout = 300_000)]
    public async Task Hospital_OfTheSample_WorksAndEndsClean()
    {
        Assert.SkipUnless(
            Directory.Exists("/usr/lib/postgresql") && File.Exists("/usr/bin/prometheus") && await IsGoodAsync("/usr/bin/python3", "-c", "import grpc, grpc_tools"),
            "PostgreSQL, Prometheus or python3-grpcio is not installed; './medgen test --long' installs them.");
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("medgen-hospital-test-");
        try
        {
            // The server of the sample runs as another user where root runs the test.
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                    | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            }

            ProcessStartInfo start = new("bash", [RepositoryRoot.Path("samples", "operations", "hospital.sh")])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            };
            start.Environment["MEDGEN"] = $"dotnet {MedGenCommand.Library}";
            start.Environment["TMPDIR"] = temporary.FullName;
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            try
            {
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
            finally
            {
                await EndAsync(process);
            }

            process.ExitCode.ShouldBe(0, await output + await errors);
            (await output).ShouldEndWith("== everything worked\n");
            temporary.GetDirectories("medgen-hospital-*").ShouldBeEmpty();
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

    private static async Task<bool> IsGoodAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }
}

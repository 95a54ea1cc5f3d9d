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

        (await SampleScript.RunAsync("samples/operations/hospital.sh", TestContext.Current.CancellationToken)).ShouldEndWith("== everything worked\n");
    }

    private static async Task<bool> IsGoodAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }
}

using System.Diagnostics;

namespace MedGen.Cli.Tests;

/// <summary>Benchmarks that are tests, too: their exit code says whether anything was lost or let through. Fewer turns than theirs.</summary>
public sealed class BenchTests
{
    [Theory]
    [Long]
    [InlineData("chaos", "--kills", "10")] // uploads, generations, classifications and deletions, and a kill at a random moment, again and again
    [InlineData("fuzz", "--messages", "0", "--media", "0", "--files", "3000")]
    public async Task Bench_OfWhatMayNeverHappen_FindsNothing(params string[] arguments)
    {
        string bench = RepositoryRoot.Path("bench", "MedGen.Bench", "bin", "Release", "net10.0", "MedGen.Bench.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [bench, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0, output + await errors);
    }
}

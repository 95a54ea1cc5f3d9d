using System.Diagnostics;
using System.Text.Json;

namespace MedGen.Host.Tests;

/// <summary>samples/python as its README says, against a running host. Skipped where Debian's python3-grpcio and python3-grpc-tools are not installed.</summary>
public class PythonSampleTests
{
    private const string Python = "/usr/bin/python3";

    [Fact, Long]
    public async Task Classify_OfTheSample_UploadsWatchesAndDownloads()
    {
        Assert.SkipUnless(File.Exists(Python) && (await RunAsync("-c", "import grpc, grpc_tools")).ExitCode == 0, "python3-grpcio or python3-grpc-tools is not installed.");
        await using RunningHost host = await RunningHost.StartAsync();
        string clip = Path.Combine(AppContext.BaseDirectory, "lung_ultrasound.mp4");
        string copy = Path.Combine(host.Folder, "copy.mp4");

        (int exitCode, string output, string errors) = await RunAsync(
            RepositoryRoot.Path("samples", "python", "classify.py"), clip, "--host", host.Endpoints.Grpc.Authority, "--task", "brightness", "--out", copy);

        exitCode.ShouldBe(0, errors);
        using JsonDocument answer = JsonDocument.Parse(output);
        answer.RootElement.GetProperty("label").GetString().ShouldBe("dark");
        File.ReadAllBytes(copy).ShouldBe(File.ReadAllBytes(clip));
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(RunningHost.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(RunningHost.Token);
        await process.WaitForExitAsync(RunningHost.Token);
        return (process.ExitCode, await output, await errors);
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using MedGen.Media.Images;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>The examples of docs/clients.md, as they stand there, against a running host.</summary>
public sealed partial class ClientsDocumentTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-clients-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Curl_OfTheExamples_Works()
    {
        await using RunningHost host = await StartAsync();
        string[] scripts = [.. BlocksOf("sh").Where(block => block.Contains("curl", StringComparison.Ordinal))];

        string said = "";
        foreach (string script in scripts)
        {
            (int code, string output) = await RunAsync(host, "bash", ["-euo", "pipefail", "-c", script.Replace("curl -s", "curl -sS --fail-with-body", StringComparison.Ordinal)]);
            code.ShouldBe(0, $"{script}\n{output}");
            said += output;
        }

        scripts.Length.ShouldBeGreaterThanOrEqualTo(5);
        Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Path.Combine(_folder, "model.bin"), RunningHost.Token)).ShouldContain("grpc-status: 0");
        (await File.ReadAllTextAsync(Path.Combine(_folder, "openapi.json"), RunningHost.Token)).ShouldContain("\"openapi\": \"3.1");
        said.ShouldContain("""{"name":"brightness","datatype":"BYTES","shape":[1],"data":["dark"]}""");
        await foreach (Proto.Job job in host.Client.Jobs.ListAsync(cancellationToken: RunningHost.Token))
        {
            await host.WaitForAsync(job.JobId, Proto.JobState.Succeeded);
        }

        new FileInfo(Path.Combine(_folder, "clip.mp4")).Length.ShouldBeGreaterThan(500);
        host.Generator.Requests.ShouldContain(one => one.FirstFrame != null && one.NumFrames == 9 && one.Wan.Shift == 3);
        host.Generator.Requests.ShouldContain(one => one.NegativePrompt == "text" && one.Width == 64);
    }

    [Fact, Long]
    public async Task OpenAi_OfTheExamples_Works()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/npm"), "npm is not installed.");
        await using RunningHost host = await StartAsync();
        (int installed, string log) = await RunAsync(host, "npm", ["install", "openai@6", "--no-audit", "--no-fund", "--loglevel=error"]);
        Assert.SkipUnless(installed == 0, $"The package openai could not be installed: {log}");
        await File.WriteAllTextAsync(Path.Combine(_folder, "example.mjs"), AtHost(host, BlocksOf("js").Single()), RunningHost.Token);

        (int code, string output) = await RunAsync(host, "node", ["example.mjs"]);

        code.ShouldBe(0, output);
        output.ShouldContain("completed 48x32 1\ntrue");
        host.Generator.Requests.ShouldHaveSingleItem().FirstFrame!.Width.ShouldBe(64);
        new FileInfo(Path.Combine(_folder, "clip.mp4")).Length.ShouldBeGreaterThan(500);
    }

    [Fact, Long]
    public async Task Python_OfTheExamples_AsksOverKServesProtocol()
    {
        Assert.SkipUnless(
            File.Exists(Python) && (await RunAsync(null, Python, ["-c", "import grpc, grpc_tools, numpy"])).Code == 0,
            "python3-grpcio, python3-grpc-tools or python3-numpy is not installed.");
        await using RunningHost host = await StartAsync();
        string generate = BlocksOf("sh").Single(block => block.Contains("grpc_tools", StringComparison.Ordinal));
        (int made, string log) = await RunAsync(host, "bash", ["-euc", generate]);
        made.ShouldBe(0, log);

        (int code, string output) = await RunAsync(host, Python, ["-c", BlocksOf("python").Single()]);

        code.ShouldBe(0, output);
        output.ShouldContain("brightness [1] [b'dark']");
        output.ShouldContain("brightness.probabilities [2] [0.88");
    }

    private async Task<RunningHost> StartAsync()
    {
        using VideoFrame frame = VideoFrame.Rent(64, 64);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "first.png"), await FrameImage.EncodePngAsync(frame, null, RunningHost.Token), RunningHost.Token);
        foreach (string name in new[] { "samples", "protos" })
        {
            Directory.CreateSymbolicLink(Path.Combine(_folder, name), RepositoryRoot.Path(name));
        }

        RunningHost host = await RunningHost.StartAsync(options => options with { Calls = new MedGenCalls { OpenAiVideos = true, Inference = true, GrpcWeb = true, OpenApi = true } });
        host.Catalog.Capabilities = [new PluginCapability { Kind = CapabilityKinds.Analysis, Task = "brightness" }];
        return host;
    }

    private static IEnumerable<string> BlocksOf(string language) =>
        Block().Matches(File.ReadAllText(RepositoryRoot.Path("docs", "clients.md"))).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value);

    // The host of the tests, whose only analyzer tells brightness.
    private static string AtHost(RunningHost? host, string text) => host is null ? text : text
        .Replace("imaging-modality", "brightness", StringComparison.Ordinal)
        .Replace("127.0.0.1:8471", host.Endpoints.Http.Authority, StringComparison.Ordinal).Replace("127.0.0.1:8470", host.Endpoints.Grpc.Authority, StringComparison.Ordinal);

    private async Task<(int Code, string Output)> RunAsync(RunningHost? host, string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments.Select(one => AtHost(host, one))) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(RunningHost.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(RunningHost.Token);
        await process.WaitForExitAsync(RunningHost.Token);
        return (process.ExitCode, await output + await errors);
    }

    [GeneratedRegex("^```([a-z]+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}

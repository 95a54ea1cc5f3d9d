using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MedGen.Sandbox.Tests;

/// <summary>
/// Programs that try what a hostile file might make a decoder do. Where bubblewrap is not there the tests of what it alone prevents check that the
/// report says so.
/// </summary>
public sealed class ProcessSandboxTests : IDisposable
{
    private static readonly SandboxLimits Limits = new() { AddressSpaceBytes = 512L << 20, CpuSeconds = 20 };

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-sandbox-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool IsCaged => ProcessSandbox.For(SandboxMode.Auto).Report.Kind == SandboxKind.Bubblewrap;

    public static TheoryData<SandboxMode> Modes => new(SandboxMode.Auto, SandboxMode.Limits);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Run_AProgramThatReadsItsInputAndWritesItsPipe_Works(SandboxMode mode)
    {
        string input = Write("input.txt", "one\n");

        (int exitCode, string output, string error) = await RunAsync(mode, $"read -r line < {input}; echo $line $NAME", readable: [input]);

        (exitCode, output, error).ShouldBe((0, "one value\n", ""));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Run_AnEncoder_WritesTheFileThatItMay(SandboxMode mode)
    {
        string output = Write("output.txt", "");

        (int exitCode, _, string error) = await RunAsync(mode, $"echo done > {output}", writable: [output], limits: Limits with { FileBytes = 1000 });

        exitCode.ShouldBe(0, error);
        (await File.ReadAllTextAsync(output, Token)).ShouldBe("done\n");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Run_AProgramThatWritesMoreThanItMay_IsEnded(SandboxMode mode)
    {
        string output = Write("output.txt", "");

        (int exitCode, _, _) = await RunAsync(
            mode, $"exec head -c 100000 /dev/zero > {output}", writable: [output], limits: Limits with { FileBytes = 4096 });

        exitCode.ShouldNotBe(0);
        new FileInfo(output).Length.ShouldBeLessThanOrEqualTo(4096);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Run_AMemoryBomb_Fails(SandboxMode mode)
    {
        (int exitCode, _, _) = await RunAsync(mode, "exec awk 'BEGIN { s = \"x\"; while (1) s = s s }'");

        exitCode.ShouldNotBe(0);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Run_AnEndlessLoop_IsEndedByItsProcessorTime(SandboxMode mode)
    {
        (int exitCode, _, _) = await RunAsync(mode, "while :; do :; done", limits: Limits with { CpuSeconds = 1 });

        exitCode.ShouldBeGreaterThan(128);
    }

    [Fact]
    public async Task Run_InACage_SeesNoFileButItsOwnAndTheSystems()
    {
        string secret = Write("secret.txt", "patient\n");
        string input = Write("input.txt", "one\n");

        (int exitCode, string output, _) = await RunAsync(SandboxMode.Auto, $"read -r a < {input}; echo $a; read -r b < {secret} || exit 9; echo $b", readable: [input]);

        (exitCode != 0, output).ShouldBe(IsCaged ? (true, "one\n") : (false, "one\npatient\n"));
    }

    [Fact]
    public async Task Run_InACage_WritesNothingOutside()
    {
        string input = Write("input.txt", "one");
        string outside = Path.Combine(_folder, "outside.txt");

        string name = Path.GetFileName(_folder);
        string writable = IsCaged ? "test -w /usr/bin && echo writable; " : ""; // root's, where nothing confines it

        (_, string output, _) = await RunAsync(
            SandboxMode.Auto, $"{writable}echo x > {input}; echo x > {outside}; echo x > /tmp/{name}.private", readable: [input],
            limits: Limits with { FileBytes = 1000 });

        output.ShouldBeEmpty();
        File.Exists($"/tmp/{name}.private").ShouldBe(!IsCaged);
        File.Delete($"/tmp/{name}.private");
        File.Exists(outside).ShouldBe(!IsCaged);
        (await File.ReadAllTextAsync(input, Token)).ShouldBe(IsCaged ? "one" : "x\n");
    }

    [Fact]
    public async Task Run_InACage_ReachesNoNetwork()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        (int exitCode, _, _) = await RunAsync(SandboxMode.Auto, $"exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}'");

        (exitCode != 0).ShouldBe(IsCaged);
        listener.Pending().ShouldBe(!IsCaged);
    }

    [Fact]
    public async Task Run_AForkBombInACage_StartsNothing()
    {
        if (!IsCaged)
        {
            // Nothing would stop it here.
            ProcessSandbox.For(SandboxMode.Auto).Report.Reason.ShouldNotBeNull();
            return;
        }

        (int exitCode, string output, string error) = await RunAsync(SandboxMode.Auto, "bomb() { echo forked; bomb | bomb & }; bomb | bomb");

        exitCode.ShouldNotBe(0);
        output.ShouldBeEmpty();
        error.ShouldContain("fork");
    }

    [Fact]
    public void Prepare_WhereTheCageIsRequired_NeedsIt()
    {
        ProcessSandbox sandbox = ProcessSandbox.For(SandboxMode.Required);
        SandboxedCommand command = new() { Program = "/usr/bin/true", Arguments = [], Limits = Limits };

        if (IsCaged)
        {
            using Process process = sandbox.Start(command);
            process.WaitForExit();
            process.ExitCode.ShouldBe(0);
        }
        else
        {
            Should.Throw<Sdk.Errors.FailedPreconditionException>(() => sandbox.Start(command)).Reason.ShouldBe("SANDBOX_MISSING");
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Start_FromAThreadThatEnds_LeavesTheChildAlive(SandboxMode mode)
    {
        Process? process = null;
        string? first = null;
        Thread thread = new(() =>
        {
            process = Start(mode, "echo started; read -r line; echo $line");
            first = process.StandardOutput.ReadLine();
        });
        thread.Start();
        thread.Join();
        using (process!)
        {
            first.ShouldBe("started");

            await process!.StandardInput.WriteLineAsync("still here");

            (await process.StandardOutput.ReadLineAsync(Token)).ShouldBe("still here");
            await process.WaitForExitAsync(Token);
            process.ExitCode.ShouldBe(0);
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        SandboxMode mode, string script, string[]? readable = null, string[]? writable = null, SandboxLimits? limits = null)
    {
        using Process process = Start(mode, script, readable, writable, limits);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, output, await error);
    }

    private static Process Start(SandboxMode mode, string script, string[]? readable = null, string[]? writable = null, SandboxLimits? limits = null) =>
        ProcessSandbox.For(mode).Start(new SandboxedCommand
        {
            Program = "/usr/bin/dash",
            Arguments = ["-c", script],
            Readable = readable ?? [],
            Writable = writable ?? [],
            Environment = new Dictionary<string, string> { ["NAME"] = "value" },
            Limits = limits ?? Limits,
        });

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}

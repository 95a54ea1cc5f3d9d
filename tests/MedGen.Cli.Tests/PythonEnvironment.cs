using System.Diagnostics;
using System.Text;

namespace MedGen.Cli.Tests;

/// <summary>clients/python installed into an environment of its own, as its README says, and a host that it can ask.</summary>
internal sealed class PythonEnvironment : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-python-");
    private ServeProcess? _host;

    private PythonEnvironment()
    {
    }

    /// <summary>Where commands run, and what they leave is deleted from.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Address of the host, without a scheme.</summary>
    public string Address => _host!.Grpc.Authority;

    /// <summary>The environment's interpreter.</summary>
    public string Interpreter => Path.Combine(Folder, "environment", "bin", "python");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes it; the test is skipped where a module is missing that the package or the test needs.</summary>
    public static async Task<PythonEnvironment> CreateAsync(params string[] modules)
    {
        PythonEnvironment made = new();
        try
        {
            string needed = string.Join(", ", ["grpc", "grpc_tools", "setuptools", "wheel", "venv", "ensurepip", "numpy", .. modules]);
            Assert.SkipUnless(File.Exists(Python) && (await made.RunAsync(Python, ["-c", $"import {needed}"])).ExitCode == 0, $"Debian's packages of a Python module are missing, one of {needed}.");

            // A copy, since a build leaves files beside the sources.
            foreach (string part in new[] { "clients", "protos" })
            {
                await made.MustAsync("cp", ["-r", RepositoryRoot.Path(part), made.Folder]);
            }

            // Of an earlier build in the working tree; setuptools would take it for new.
            await made.MustAsync("rm", ["-rf", Path.Combine(made.Folder, "clients", "python", "build")]);
            await made.MustAsync(Python, ["-m", "venv", "--system-site-packages", Path.Combine(made.Folder, "environment")]);
            await made.MustAsync(made.Interpreter, ["-m", "pip", "install", "-q", "--no-build-isolation", Path.Combine(made.Folder, "clients", "python")]);
            made._host = await ServeProcess.StartAsync(Path.Combine(made.Folder, "data"));
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Runs a program in the folder, which must succeed.</summary>
    public async Task<string> MustAsync(string program, string[] arguments, string? folder = null)
    {
        (int exitCode, string output) = await RunAsync(program, arguments, folder);
        exitCode.ShouldBe(0, output);
        return output;
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, string? folder = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? Folder, StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["MEDGEN_TEST_HOST"] = _host is null ? "" : Address;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output + await errors);
    }
}

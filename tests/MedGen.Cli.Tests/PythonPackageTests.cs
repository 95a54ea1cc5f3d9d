using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using System.Text.RegularExpressions;

namespace MedGen.Cli.Tests;

/// <summary>
/// clients/python as its README says: built, installed into an environment of its own, and used against a host. Skipped where Debian's packages for it
/// are not installed.
/// </summary>
public sealed partial class PythonPackageTests : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-python-");
    private ServeProcess? _host;

    private string Environment => Path.Combine(_folder.FullName, "environment");

    private string Address => _host!.Grpc.Authority;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(
            File.Exists(Python) && (await RunAsync(Python, ["-c", "import grpc, grpc_tools, setuptools, wheel, venv, ensurepip, numpy"])).ExitCode == 0,
            "python3-grpcio, python3-grpc-tools, python3-setuptools, python3-wheel, python3-venv or python3-numpy is not installed.");

        // A copy, since a build leaves files beside the sources.
        foreach (string part in new[] { "clients", "protos" })
        {
            await MustAsync("cp", ["-r", RepositoryRoot.Path(part), _folder.FullName]);
        }

        // Of an earlier build in the working tree; setuptools would take it for new.
        await MustAsync("rm", ["-rf", Path.Combine(_folder.FullName, "clients", "python", "build")]);
        await MustAsync(Python, ["-m", "venv", "--system-site-packages", Environment]);
        await MustAsync(
            Path.Combine(Environment, "bin", "pip"), ["install", "-q", "--no-build-isolation", Path.Combine(_folder.FullName, "clients", "python")]);
        _host = await ServeProcess.StartAsync(Path.Combine(_folder.FullName, "data"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact, Long]
    public async Task Package_AgainstAHost_PassesItsTestsAndRunsItsReadme()
    {
        string tests = await MustAsync(
            Path.Combine(Environment, "bin", "python"), ["-m", "unittest", "discover", "-s", RepositoryRoot.Path("clients", "python", "tests")]);
        tests.ShouldContain("Ran 10 tests");

        await TarFile.CreateFromDirectoryAsync(
            RepositoryRoot.Path("samples", "datasets", "lung"), Path.Combine(_folder.FullName, "lung.tar"), includeBaseDirectory: false,
            TestContext.Current.CancellationToken);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "samples"), RepositoryRoot.Path("samples"));
        string readme = await File.ReadAllTextAsync(RepositoryRoot.Path("clients", "python", "README.md"), TestContext.Current.CancellationToken);
        string[] examples = [.. Example().Matches(readme).Select(match => match.Groups[1].Value.Replace("127.0.0.1:8470", Address, StringComparison.Ordinal))];
        examples.Length.ShouldBe(8);

        string said = await MustAsync(Path.Combine(Environment, "bin", "python"), ["-c", string.Join('\n', examples)]);

        said.ShouldContain("(9, 128, 128, 3) []");
        said.ShouldContain("medgen.surgical-phase");
        said.ShouldContain("CT ES");
        said.ShouldContain("[] []"); // no studies
        said.ShouldContain("width got 17; allowed: 16, 32, 48");
        File.Exists(Path.Combine(_folder.FullName, "lung-augmented.tar")).ShouldBeTrue();
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    private async Task<string> MustAsync(string program, string[] arguments)
    {
        (int exitCode, string output) = await RunAsync(program, arguments);
        exitCode.ShouldBe(0, output);
        return output;
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName, StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["MEDGEN_TEST_HOST"] = _host is null ? "" : Address;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}

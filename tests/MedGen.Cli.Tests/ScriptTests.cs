using System.Diagnostics;

namespace MedGen.Cli.Tests;

/// <summary>What the <c>medgen</c> script decides, in a folder of its own whose programs are stubs.</summary>
public sealed class ScriptTests : IDisposable
{
    private const string Sdk = "10.0.100 [/usr/share/dotnet/sdk]";

    // All else that the script calls; nothing of the machine's is reachable but these.
    private static readonly string[] Tools = ["awk", "bash", "cat", "cp", "dirname", "env", "find", "flock", "grep", "mkdir", "mktemp", "readlink", "rm", "sha256sum", "sort", "tr"];

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-script-").FullName;
    private readonly string _root;
    private readonly string _bin;

    public ScriptTests()
    {
        _root = Path.Combine(_folder, "a clone");
        _bin = Path.Combine(_folder, "bin");
        Directory.CreateDirectory(_bin);
        foreach (string name in new[] { "src", "plugins", "protos", "third_party", "tests", "bench", "samples", "models", "build" })
        {
            Directory.CreateDirectory(Path.Combine(_root, name));
            File.WriteAllText(Path.Combine(_root, name, "source.cs"), name);
        }

        File.Copy(RepositoryRoot.Path("medgen"), Script);
        foreach (string name in new[] { "Directory.Build.props", "global.json", "MedGen.Platform.sln" })
        {
            File.WriteAllText(Path.Combine(_root, name), "");
        }

        foreach (string tool in Tools)
        {
            File.CreateSymbolicLink(Path.Combine(_bin, tool), Path.Combine("/usr/bin", tool));
        }

        Stub("id", "[ \"$1\" = -un ] && echo someone || echo 0");
        Stub("ffmpeg", "");
        Stub("ffprobe", "");
        StubDotnet();
    }

    private string Script => Path.Combine(_root, "medgen");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Medgen_FromAnotherFolderByALink_BuildsOnceAndForwardsItsArguments()
    {
        string link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, Script);

        (int exitCode, string output, string error) = await RunAsync(link, "generate", "--prompt", "a lung");
        (_, _, string again) = await RunAsync(link, "doctor");
        await File.WriteAllTextAsync(Path.Combine(_root, "src", "new.cs"), "new", TestContext.Current.CancellationToken);
        (_, _, string changed) = await RunAsync(link, "doctor");

        exitCode.ShouldBe(0, error);
        output.ShouldBe($"<{_root}/src/MedGen.Cli/bin/Release/net10.0/medgen.dll><generate><--prompt><a lung>\n");
        error.ShouldContain("building src/MedGen.Cli/MedGen.Cli.csproj");
        again.ShouldBeEmpty();
        changed.ShouldContain("building");
        File.ReadAllLines(Log).ShouldBe([_root, _root]); // where global.json is found
    }

    [Fact]
    public async Task Medgen_WhoseBuildFails_ShowsItsLogAndEndsWith69()
    {
        Stub("dotnet", $"[ \"$1\" = --list-sdks ] && echo '{Sdk}' && exit; echo 'CS1002: ; expected'; exit 1");

        (int exitCode, string output, string error) = await RunAsync(Script, "doctor");

        exitCode.ShouldBe(69);
        output.ShouldBeEmpty();
        error.ShouldContain("CS1002");
        error.ShouldContain("artifacts/build-cli.log");
    }

    [Theory]
    [InlineData("0", "apt-get ")]
    [InlineData("1000", "sudo apt-get ")]
    public async Task Medgen_WithoutSdkWhereAptHasIt_InstallsIt(string user, string prefix)
    {
        File.Delete(Path.Combine(_bin, "dotnet"));
        Stub("id", $"echo {user}");
        StubApt(has: true);
        Stub("sudo", "echo \"sudo $*\" >>\"$LOG\"; exec \"$@\"");

        (int exitCode, string output, string error) = await RunAsync(Script, "doctor");

        exitCode.ShouldBe(0, error);
        output.ShouldContain("<doctor>");
        File.ReadAllText(Log).ShouldContain($"{prefix}update -qq");
        File.ReadAllText(Log).ShouldContain("apt-get install -y -qq --no-install-recommends dotnet-sdk-10.0");
    }

    [Fact]
    public async Task Medgen_AsAUserWithoutSudo_SaysWhatToTypeAndEndsWith69()
    {
        File.Delete(Path.Combine(_bin, "dotnet"));
        File.Delete(Path.Combine(_bin, "ffprobe"));
        Stub("id", "echo 1000");
        StubApt(has: true);

        (int exitCode, string output, string error) = await RunAsync(Script, "doctor");

        exitCode.ShouldBe(69);
        output.ShouldBeEmpty();
        error.ShouldBe("medgen: needed and not found: dotnet-sdk-10.0 ffmpeg\nas root:\n  apt-get update && apt-get install -y dotnet-sdk-10.0 ffmpeg\n");
        File.Exists(Log).ShouldBeFalse();
    }

    [Theory]
    [InlineData("debian", "12", "https://packages.microsoft.com/config/debian/12/packages-microsoft-prod.deb")]
    [InlineData("debian", "13", "https://packages.microsoft.com/config/debian/13/packages-microsoft-prod.deb")]
    [InlineData("ubuntu", "22.04", "add-apt-repository -y ppa:dotnet/backports")]
    [InlineData("mint", "22", "https://dot.net/v1/dotnet-install.sh")]
    public async Task Medgen_WithoutSdkWhereAptHasNone_PrintsTheLinesAndInstallsNothing(string id, string version, string line)
    {
        File.Delete(Path.Combine(_bin, "dotnet"));
        File.Delete(Path.Combine(_bin, "ffmpeg"));
        StubApt(has: false);
        string release = Path.Combine(_folder, "os-release");
        await File.WriteAllTextAsync(release, $"ID={id}\nVERSION_ID=\"{version}\"\n", TestContext.Current.CancellationToken);

        (int exitCode, _, string error) = await RunAsync(Script, "doctor");

        exitCode.ShouldBe(69);
        error.ShouldContain(line);
        error.ShouldContain("and then, as root:\n  apt-get update && apt-get install -y ffmpeg\n");
        File.ReadAllText(Log).ShouldNotContain("install");
    }

    [Fact]
    public async Task Medgen_WithoutApt_NamesWhatIsNeeded()
    {
        File.Delete(Path.Combine(_bin, "ffmpeg"));

        (int exitCode, _, string error) = await RunAsync(Script, "doctor");

        exitCode.ShouldBe(69);
        error.ShouldContain("needed and not found: ffmpeg\ninstall with your system's package manager");
    }

    [Theory]
    [InlineData(0, true, "<--filter-not-trait><Category=Long><--filter-class><One>", "5 passed, 0 failed", "--filter-class", "One")]
    [InlineData(0, false, "<--filter-class><One>", "5 passed, 0 failed", "--long", "--filter-class", "One")]
    [InlineData(7, true, "<--filter-not-trait><Category=Long>", "5 passed, 1 failed")] // a module that crashed reports no failed test
    public async Task Test_OfALevel_FiltersForwardsAndAddsUp(int status, bool isShort, string arguments, string lastLine, params string[] given)
    {
        StubApt(has: true);
        StubDotnet(status);

        (int exitCode, string output, string error) = await RunAsync(Script, ["test", .. given]);

        exitCode.ShouldBe(status == 0 ? 0 : 1, error);
        output.Split('\n')[0].ShouldEndWith("<--ignore-exit-code><8>" + arguments);
        output.Contains("Category=Long").ShouldBe(isShort);
        output.TrimEnd().Split('\n')[^1].ShouldBe(lastLine);
        error.ShouldContain("1 skipped");
        error.Contains("the long tests were left out").ShouldBe(isShort);
        File.ReadLines(Log).Count(line => line == _root).ShouldBe(2); // built and tested where global.json is found
    }

    [Fact]
    public async Task SdkPack_IntoAFolder_PacksTheProjectsOfTheSdk()
    {
        string packages = Path.Combine(_folder, "some packages");
        string python = Path.Combine(_root, "clients", "python");
        Directory.CreateDirectory(python);
        await File.WriteAllTextAsync(
            Path.Combine(python, "setup.py"), "import pathlib, sys; pathlib.Path(sys.argv[-1], 'medgen-1-py3-none-any.whl').touch()",
            TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await RunAsync(Script, "sdk", "pack", "--out", packages);

        exitCode.ShouldBe(0, error);
        (output.Contains("medgen-1-py3-none-any.whl", StringComparison.Ordinal) || error.Contains("no Python package was made", StringComparison.Ordinal))
            .ShouldBeTrue(output + error);
        error.ShouldContain($"<pack><build/Sdk.slnf><-c><Release><-o><{packages}>");
    }

    [Theory]
    [InlineData("sdk: got ''; allowed: pack [--out DIR].", "sdk")]
    [InlineData("sdk: got 'unpack'; allowed: pack [--out DIR].", "sdk", "unpack")]
    [InlineData("sdk pack: got '--out'; allowed: --out DIR.", "sdk", "pack", "--out")]
    [InlineData("sdk pack: got 'a b'; allowed: --out DIR.", "sdk", "pack", "a", "b")]
    public async Task Sdk_WithOtherArguments_SaysWhatIsAllowedAndEndsWith2(string message, params string[] arguments)
    {
        (int exitCode, _, string error) = await RunAsync(Script, arguments);

        exitCode.ShouldBe(2);
        error.ShouldBe($"medgen: {message}\n");
    }

    private string Log => Path.Combine(_folder, "log");

    private void StubApt(bool has)
    {
        Stub("apt-get", $"echo \"apt-get $*\" >>\"$LOG\"; [ \"$1\" != install ] || ln -s dotnet-to-come '{Path.Combine(_bin, "dotnet")}' 2>/dev/null || true");
        Stub("apt-cache", $"printf '%s:\\n  Candidate: {(has ? "10.0.100-1" : "(none)")}\\n' \"$2\"");
        File.CreateSymbolicLink(Path.Combine(_bin, "ln"), "/usr/bin/ln");
        StubDotnet(name: "dotnet-to-come");
    }

    // Lists an SDK, builds nothing, writes the results of two test modules, and shows every other call.
    private void StubDotnet(int testStatus = 0, string name = "dotnet") => Stub(
        name,
        $$"""
        case "$1" in
          --list-sdks) echo '{{Sdk}}' ;;
          build) pwd >>"$LOG" ;;
          test) pwd >>"$LOG"; printf '<%s>' "$@"; echo ;;
          *) printf '<%s>' "$@"; echo ;;
        esac
        if [ "$1" = test ]; then
          mkdir -p "{{_root}}/artifacts/test-results"
          echo '<Counters total="4" passed="3" failed="0" notExecuted="1" />' >"{{_root}}/artifacts/test-results/one.trx"
          echo '<Counters total="2" passed="2" failed="0" notExecuted="0" />' >"{{_root}}/artifacts/test-results/two.trx"
          exit {{testStatus}}
        fi
        """);

    private void Stub(string name, string body)
    {
        string path = Path.Combine(_bin, name);
        File.WriteAllText(path, $"#!/usr/bin/bash\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string script, params string[] arguments)
    {
        ProcessStartInfo start = new(script, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = _bin;
        start.Environment["LOG"] = Log;
        start.Environment["MEDGEN_OS_RELEASE"] = Path.Combine(_folder, "os-release");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}

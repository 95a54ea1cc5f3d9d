using System.Diagnostics;

namespace MedGen.Cli.Tests;

/// <summary>The Debian package, installed on a bare Debian of its own: no SDK, no runtime of .NET, nothing of this repository.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-package-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        using Process remove = Process.Start("rm", ["-rf", "--one-file-system", _folder]);
        remove.WaitForExit();
    }

    [Fact]
    [Long]
    public async Task Package_InstalledOnABareDebian_ChecksItselfAndMakesAClip()
    {
        if (Environment.UserName != "root" || !File.Exists("/usr/sbin/debootstrap"))
        {
            Assert.Skip("A Debian of its own needs root and debootstrap.");
        }

        await RunAsync(RepositoryRoot.Path("deploy", "publish"), [Path.Combine(_folder, "out")]);
        File.Exists(Path.Combine(_folder, "out", "bom.json")).ShouldBeTrue();
        string package = Directory.GetFiles(Path.Combine(_folder, "out"), "medgen_*.deb").ShouldHaveSingleItem();
        string root = Path.Combine(_folder, "root");
        await RunAsync("bash", ["-c", MakeDebian, "bash", root, package]);

        string doctor = await MedGenAsync(root, "doctor", "--json");
        await MedGenAsync(root, "config", "check", "/etc/medgen/medgen.json");
        await MedGenAsync(root, "generate", "--prompt", "a lung", "--steps", "2", "--frames", "5", "--out", "/tmp/clip.mp4");

        doctor.ShouldNotContain("\"status\":\"failed\"");
        new FileInfo(Path.Combine(root, "tmp", "clip.mp4")).Length.ShouldBeGreaterThan(1000);
        File.Exists(Path.Combine(root, "usr", "bin", "dotnet")).ShouldBeFalse();
        Directory.Exists(Path.Combine(root, "usr", "lib", "medgen", "app", "plugins")).ShouldBeTrue();
        (await File.ReadAllTextAsync(RepositoryRoot.Path("docs", "operations.md"), Token)).ShouldContain("\"/usr/lib/medgen/app/plugins\"");
    }

    // With the package sources of this machine, whatever they are.
    private const string MakeDebian =
        """
        set -e
        mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -1)
        debootstrap --variant=minbase --no-check-gpg "$(. /etc/os-release; echo "$VERSION_CODENAME")" "$1" "$mirror"
        rm "$1/etc/apt/sources.list"
        for part in sources.list sources.list.d apt.conf.d keyrings trusted.gpg trusted.gpg.d; do
          [ ! -e "/etc/apt/$part" ] || cp -r "/etc/apt/$part" "$1/etc/apt/"
        done
        cp "$2" "$1/medgen.deb"
        chroot "$1" apt-get update -qq
        DEBIAN_FRONTEND=noninteractive chroot "$1" apt-get install -y -qq --no-install-recommends /medgen.deb
        rm "$1/medgen.deb"
        """;

    // The runtime reads /proc; it goes with the command.
    private static Task<string> MedGenAsync(string root, params string[] arguments) =>
        RunAsync("unshare", ["--fork", "--pid", $"--mount-proc={root}/proc", "chroot", root, "medgen", .. arguments]);

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, output + await error);
        return output;
    }
}

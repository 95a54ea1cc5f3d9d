using System.Diagnostics;
using System.Xml.Linq;

namespace MedGen.Cli.Tests;

/// <summary>A vendor's folder outside the repository: the packages of the SDK are a source in it, and the template is installed.</summary>
public sealed class VendorFolder : IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Folder { get; } = Directory.CreateTempSubdirectory("medgen-vendor-").FullName;

    public async ValueTask InitializeAsync()
    {
        string packages = Path.Combine(Folder, "packages");
        await RunAsync(Folder, 0, "bash", RepositoryRoot.Path("medgen"), "sdk", "pack", "--out", packages);

        // The machine's cache holds what the packages need. Those of this repository go into one of the test's own, as their version does not change.
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        new XElement(
            "configuration",
            new XElement("config", Add("globalPackagesFolder", Path.Combine(Folder, "cache"))),
            new XElement("packageSources", Add("packed", packages)),
            new XElement("fallbackPackageFolders", Add("machine", cache))).Save(Path.Combine(Folder, "nuget.config"));
        await RunAsync(Folder, 0, "dotnet", "new", "install", Directory.GetFiles(packages, "MedGen.Templates.*.nupkg").Single());

        static XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a program; its output and errors.</summary>
    public async Task<string> RunAsync(string folder, int exitCode, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_HOME"] = Path.Combine(Folder, "home"); // where templates are installed
        start.Environment["NuGetAudit"] = "false"; // asks the network
        start.Environment.Remove("NUGET_PACKAGES");
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        string all = output + await error;
        process.ExitCode.ShouldBe(exitCode, all);
        return all;
    }
}

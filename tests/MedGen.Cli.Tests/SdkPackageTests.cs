using System.Text.Json;

namespace MedGen.Cli.Tests;

/// <summary>What a vendor does, in an empty folder with nothing but the packages: from the template to a plugin that a host takes.</summary>
[Long]
public sealed class SdkPackageTests(VendorFolder vendor) : IClassFixture<VendorFolder>
{
    private readonly string _folder = Path.Combine(vendor.Folder, Guid.NewGuid().ToString("N"));
    private string _name = "Acme.PolypDetector";
    private string _id = "acme.polyp-detector";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Project => Path.Combine(_folder, _name, "src", _name);

    private string PluginFolder => Path.Combine(Project, "bin", "plugin", _id, "1.0.0");

    [Theory]
    [InlineData("analyzer", "Acme.PolypDetector", "acme.polyp-detector", "--torch")]
    [InlineData("generator", "acme-noise", "acme-noise")]
    [InlineData("augmenter", "Acme.Imaging.Darker2", "acme.imaging.darker2")]
    public async Task Template_BuiltFromPackagesAlone_PassesItsTestsAndIsTakenByAHost(string kind, string name, string id, params string[] more)
    {
        (_name, _id) = (name, id);
        await NewAsync(["--kind", kind, .. more]);

        await DotnetAsync(0, "build", "-c", "Release");
        await DotnetAsync(0, "test", "-c", "Release", "--no-build");
        (int exitCode, string output, _) = await MedGenCommand.RunProcessAsync("plugins", "check", PluginFolder);

        exitCode.ShouldBe(0, output);
        Directory.GetFiles(PluginFolder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe([$"{_name}.deps.json", $"{_name}.dll", "plugin.json"]); // and no torch
    }

    [Fact]
    public async Task Plugin_WithNativesAndWeights_BringsThoseOfItsPlatformAndTheirHashes()
    {
        await NewAsync();
        Directory.CreateDirectory(Path.Combine(Project, "weights"));
        await File.WriteAllTextAsync(Path.Combine(Project, "weights", "a.bin"), "a", Token);
        const string Description = "Says hi; 50 %, don't.";
        await EditAsync("What it does, in a sentence.", Description);
        await EditAsync(
            "<InternalsVisibleTo",
            """<PluginHashedFile Include="weights/a.bin" /><PackageReference Include="SQLitePCLRaw.lib.e_sqlite3" Version="2.1.13" /><InternalsVisibleTo""");

        await DotnetAsync(0, "build", Project, "-c", "Release");

        Directory.GetFiles(Path.Combine(PluginFolder, "runtimes"), "*", SearchOption.AllDirectories)
            .ShouldBe([Path.Combine(PluginFolder, "runtimes", "linux-x64", "native", "libe_sqlite3.so")]);
        using JsonDocument manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(PluginFolder, "plugin.json"), Token));
        manifest.RootElement.GetProperty("description").GetString().ShouldBe(Description);
        (int exitCode, string output, _) = await MedGenCommand.RunProcessAsync("plugins", "check", PluginFolder);
        exitCode.ShouldBe(0, output);
        await File.WriteAllTextAsync(Path.Combine(PluginFolder, "weights", "a.bin"), "b", Token);
        (exitCode, output, _) = await MedGenCommand.RunProcessAsync("plugins", "check", PluginFolder);
        exitCode.ShouldBe(1);
        output.ShouldContain("weights/a.bin has SHA-256");
    }

    [Fact]
    public async Task Build_OfBadProperties_NamesEach()
    {
        await NewAsync();
        await DotnetAsync(0, "restore", Project);
        (string Text, string With, string Message)[] edits =
        [
            ("<PluginId>acme.polyp-detector<", "<PluginId>Acme<", "PluginId: got 'Acme'; allowed: 3 to 64 lower-case letters"),
            ("<Version>1.0.0<", "<Version>1.0<", "Version: got '1.0'; allowed: major.minor.patch"),
            ("<PluginPublisher>Acme<", "<PluginPublisher><", "PluginPublisher: got nothing"),
            ("<PluginName>", "<PluginName>\"", "PluginPublisher: got a quotation mark"),
            ("Task=\"polyp-detector\"", "Task=\"Polyps\"", "PluginCapability analysis/1: got the Task 'Polyps'"),
            ("<PluginCapability Include=\"analysis/1\" Task=\"polyp-detector\" />", "", "PluginCapability: got none"),
        ];
        foreach ((string text, string with, string message) in edits)
        {
            string before = await EditAsync(text, with);

            string output = await DotnetAsync(1, "build", Project, "--no-restore");

            output.ShouldContain(message);
            await File.WriteAllTextAsync(ProjectFile, before, Token);
        }
    }

    private string ProjectFile => Path.Combine(Project, $"{_name}.csproj");

    private Task<string> NewAsync(params string[] options)
    {
        Directory.CreateDirectory(_folder);
        return vendor.RunAsync(_folder, 0, "dotnet", ["new", "medgen-plugin", "-n", _name, "--publisher", "Acme", .. options]);
    }

    private async Task<string> EditAsync(string text, string with)
    {
        string before = await File.ReadAllTextAsync(ProjectFile, Token);
        before.ShouldContain(text);
        await File.WriteAllTextAsync(ProjectFile, before.Replace(text, with, StringComparison.Ordinal), Token);
        return before;
    }

    private Task<string> DotnetAsync(int exitCode, params string[] arguments) =>
        vendor.RunAsync(Path.Combine(_folder, _name), exitCode, "dotnet", arguments);
}

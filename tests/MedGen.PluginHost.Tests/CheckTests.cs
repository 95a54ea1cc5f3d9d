using System.Text.Json.Nodes;
using MedGen.PluginHost.Checks;
using MedGen.Sdk.Analysis;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.PluginHost.Tests;

[Collection("plugins")]
public sealed class CheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-check-");
    private readonly string _directory;

    public CheckTests()
    {
        _directory = TestPlugins.Install(_folder.FullName, "test.good", "1.0.0");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Check_Sample_PassesAndUnloads()
    {
        PluginCheckResult result = await CheckAsync(TestPlugins.Sample("example.hello-classifier", "1.0.0"));

        result.Passed.ShouldBeTrue(string.Join("\n", result.Findings));
        result.Findings.Select(finding => finding.Message)
            .ShouldBe(["Offers analysis/1 'brightness'.", "The plugin unloads cleanly."]);
    }

    [Theory]
    [InlineData("colour", "\"red\"", "plugin.json: colour: this key is unknown")]
    [InlineData("name", "5", "plugin.json: name: expected a string, got a number.")]
    [InlineData("publisher", "null", "plugin.json: publisher: expected a string, got null.")]
    [InlineData("capabilities", "[]", "plugin.json: capabilities: at least one of a kind that this host knows is needed")]
    [InlineData("capabilities", "[{\"kind\":\"robot\"}]", "capabilities[0].kind: 'robot' must be a name and a version, for instance analysis/1.")]
    [InlineData("capabilities", "[{\"kind\":\"analysis/1\"}]", "capabilities[0].task: ''")]
    [InlineData("capabilities", "[{\"kind\":\"analysis/2\",\"task\":\"x\"}]", "at least one of a kind that this host knows is needed: analysis/1, generation/1, augmentation/1.")]
    [InlineData("version", "\"1.0\"", "plugin.json: version: '1.0' must be major.minor.patch")]
    [InlineData("version", "\"1.0.1\"", "version: '1.0.1' differs from its folder's name '1.0.0'")]
    [InlineData("id", "\"Test\"", "plugin.json: id: 'Test' must be")]
    [InlineData("id", "\"test.other\"", "id: 'test.other' differs from its folder's name 'test.good'")]
    [InlineData("sdk", "\"new\"", "plugin.json: sdk: 'new' must be a version range")]
    [InlineData("sdk", "\"[0.2,0.3)\"", "The plugin works with SDK [0.2,0.3), this host offers SDK 0.9.0")]
    [InlineData("entryAssembly", "\"../x.dll\"", "entryAssembly: '../x.dll' must be the name of a .dll file")]
    [InlineData("entryAssembly", "\"x.dll\"", "The entry assembly x.dll is missing.")]
    [InlineData("files", "{\"../x\":\"00\"}", "files.../x: must be a relative path inside this folder")]
    [InlineData("weights", "[]", "plugin.json: weights: expected an object of files by their paths.")]
    [InlineData("weights", """{"w":5}""", "plugin.json: weights.w: expected an object with sha256, bytes, license.")]
    [InlineData("weights", """{"w":{"sha256":"00","bytes":1,"license":"MIT"}}""", "weights.w: '00' must be a SHA-256")]
    [InlineData("weights", """{"w":{"sha256":"00","bytes":0,"license":"MIT"}}""", "weights.w.bytes: expected a whole number of 1 to")]
    [InlineData("weights", """{"w":{"sha256":"00","bytes":1}}""", "weights.w.license: expected a text.")]
    [InlineData("weights", """{"w":{"sha256":"00","bytes":1,"license":"MIT","size":1}}""", "weights.w.size: this key is unknown; allowed: sha256, bytes, license.")]
    [InlineData("weights", """{"../w":{"sha256":"00","bytes":1,"license":"MIT"}}""", "weights.../w: must be a relative path inside this folder")]
    [InlineData(
        "weights", """{"w":{"sha256":"0000000000000000000000000000000000000000000000000000000000000000","bytes":1,"license":"MIT"}}""",
        "w is declared in plugin.json, but missing.")]
    [InlineData(
        "weights", """{"plugin.json":{"sha256":"0000000000000000000000000000000000000000000000000000000000000000","bytes":1,"license":"MIT"}}""",
        "bytes, plugin.json declares 1.")]
    public async Task Check_BadManifest_NamesKeyAndValue(string key, string value, string message)
    {
        TestPlugins.EditManifest(_directory, manifest => manifest[key] = JsonNode.Parse(value));

        PluginCheckResult result = await CheckAsync(_directory);

        result.Passed.ShouldBeFalse();
        result.Findings.ShouldContain(finding => finding.Message.Contains(message, StringComparison.Ordinal), string.Join("\n", result.Findings));
    }

    [Fact]
    public async Task Check_ManyProblems_NamesAllOfThemAtOnce()
    {
        TestPlugins.EditManifest(_directory, manifest =>
        {
            manifest.Remove("id");
            manifest["sdk"] = true;
            manifest["extra"] = 1;
        });

        PluginCheckResult result = await CheckAsync(_directory);

        result.Findings.Count(finding => finding.Check == "manifest").ShouldBe(3);
    }

    [Fact]
    public async Task Check_ManifestWithATextThatIsNotUtf8_IsAnError()
    {
        await File.WriteAllBytesAsync(
            Path.Combine(_directory, "plugin.json"), [.. "{\"id\":\"a"u8, 0xff, .. "\"}"u8], TestContext.Current.CancellationToken);

        PluginCheckResult result = await CheckAsync(_directory);

        result.Findings.ShouldContain(finding => finding.Message.Contains("This is not valid JSON: a text in it is not UTF-8.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"id\":\"a\",\"id\":\"b\"}")]
    public async Task Check_NoManifestObject_IsAnError(string json)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "plugin.json"), json, TestContext.Current.CancellationToken);

        (await CheckAsync(_directory)).Findings.ShouldContain(finding => finding.Check == "manifest");
    }

    [Fact]
    public async Task Check_FileChangedAfterItsHashWasDeclared_IsAnError()
    {
        TestPlugins.EditManifest(_directory, manifest => manifest["files"] = new JsonObject { ["GoodV1.dll"] = new string('0', 64) });

        (await CheckAsync(_directory)).Findings.ShouldContain(finding => finding.Check == "files");
    }

    [Theory]
    [InlineData("TorchSharp.dll", true)]
    [InlineData("runtimes/linux-x64/native/libtorch_cpu.so", true)]
    [InlineData("libc10.so", true)]
    [InlineData("libLibTorchSharp.so", true)]
    [InlineData("libacme.so", false)]
    public async Task Check_NativeLibrary_IsListedAndTorchIsRefused(string file, bool refused)
    {
        string path = Path.Combine(_directory, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "native", TestContext.Current.CancellationToken);

        PluginCheckResult result = await CheckAsync(_directory);

        result.Findings.ShouldContain(finding => finding.Check == "natives" && finding.Message.StartsWith(file, StringComparison.Ordinal));
        result.Passed.ShouldBe(!refused);
    }

    [Theory]
    [InlineData(null, PluginFindingSeverity.Information, "analysis/1 'test-good' passes the SDK's checks.")]
    [InlineData("No model is loaded.", PluginFindingSeverity.Warning, "analysis/1 'test-good' could not be checked: No model is loaded.")]
    [InlineData("throw", PluginFindingSeverity.Error, "Calling analysis/1 'test-good' threw InvalidOperationException: stored-clip")]
    public async Task Check_WithCalls_SaysHowTheyWentAndUnloads(string? answer, PluginFindingSeverity severity, string message)
    {
        PluginChecker checker = new(new ServiceCollection().BuildServiceProvider(), new PluginHostOptions(), TimeProvider.System)
        {
            Call = (service, _) => answer == "throw"
                ? throw new InvalidOperationException("stored-clip")
                : Task.FromResult(service is IVideoAnalyzer ? answer : "no analyzer"),
        };

        PluginCheckResult result = await checker.CheckAsync(_directory, TestContext.Current.CancellationToken);

        PluginFinding calls = result.Findings.Single(finding => finding.Check == "calls");
        (calls.Severity, calls.Message).ShouldBe((severity, message));
        result.Passed.ShouldBe(severity != PluginFindingSeverity.Error);
        result.Findings[^1].Message.ShouldBe("The plugin unloads cleanly.");
    }

    [Fact]
    public void SharedAssemblies_AreLeftOutOfAPluginsFolder()
    {
        string targets = File.ReadAllText(RepositoryRoot.Path("build", "Plugin.targets"));

        foreach (string name in SharedAssemblies.Versions.Keys)
        {
            targets.ShouldContain($"{name}.dll");
        }
    }

    [Fact]
    public void Versions_OfThisHost_AreThoseInTheDocumentation()
    {
        string documentation = File.ReadAllText(Path.Combine(TestPlugins.Built("a", "b"), "../../../../docs/plugins.md"));

        foreach ((string name, Version version) in SharedAssemblies.Versions)
        {
            documentation.ShouldContain($"| {name} | {version} |");
        }
    }

    private static Task<PluginCheckResult> CheckAsync(string directory) =>
        new PluginChecker(new ServiceCollection().BuildServiceProvider(), new PluginHostOptions(), TimeProvider.System)
            .CheckAsync(directory, TestContext.Current.CancellationToken);
}

using System.Text.Json;

namespace MedGen.Cli.Tests;

public sealed class ConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Check_OfThePackagesFile_IsRight()
    {
        (int exitCode, string output, string error) = await MedGenCommand.RunAsync("config", "check", RepositoryRoot.Path("deploy", "medgen.json"));

        exitCode.ShouldBe(ExitCode.Success, error);
        output.ShouldBe("The settings are right.\n");
    }

    [Fact]
    public async Task Show_OfThePackagesFile_LoadsNoStrangersPlugins()
    {
        (_, string output, string error) = await MedGenCommand.RunAsync("config", "show", "--config", RepositoryRoot.Path("deploy", "medgen.json"), "--json");

        output.ShouldContain("{\"key\":\"plugins.trust\",\"value\":\"signed\",", customMessage: error);
    }

    [Fact]
    public async Task Check_OfAFileWithMistakes_NamesEachInALineOfItsOwn()
    {
        string file = Write("""{ "jobs": { "max_attempts": 0 }, "media": { "max_pixels": -1 } }""");

        (int exitCode, _, string error) = await MedGenCommand.RunAsync("config", "check", file);

        exitCode.ShouldBe(ExitCode.InvalidInput);
        error.ShouldBe(
            """
            error: 2 inputs are wrong:
              jobs.max_attempts: got 0; allowed: 1 to 100.
              media.max_pixels: got -1; allowed: 1 to 536870912.

            """);
    }

    [Theory]
    [InlineData("no", "the trust file cannot be used: ")]
    [InlineData("""{"publishers": [{"name": "A", "key_files": ["none.pem"], "plugins": ["a.b"]}]}""", "publishers[0].key_files: Could not find file")]
    public async Task Check_OfATrustFileThatCannotBeUsed_SaysWhy(string trust, string why)
    {
        string trustFile = Path.Combine(_folder, "trust.json");
        await File.WriteAllTextAsync(trustFile, trust, TestContext.Current.CancellationToken);
        string file = Write(JsonSerializer.Serialize(new { plugins = new { trust_file = trustFile } }));

        (int exitCode, _, string error) = await MedGenCommand.RunAsync("config", "check", file);

        exitCode.ShouldBe(ExitCode.InvalidInput);
        error.ShouldStartWith("error: plugins.trust_file: ");
        error.ShouldContain(why);
    }

    [Fact]
    public async Task Show_OfAFile_SaysWhereEachValueCameFrom()
    {
        string file = Write("""{ "runtime": { "threads": 2 } }""");

        (int exitCode, string output, string error) = await MedGenCommand.RunAsync("config", "show", "--config", file, "--json");

        exitCode.ShouldBe(ExitCode.Success, error);
        Dictionary<string, string>[] settings =
            [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Dictionary<string, string>>(line)!)];
        settings.Single(setting => setting["key"] == "runtime.threads").ShouldSatisfyAllConditions(
            setting => setting["value"].ShouldBe("2"), setting => setting["source"].ShouldBe(file));
        settings.Single(setting => setting["key"] == "runtime.device")["source"].ShouldBe("default");
    }

    private string Write(string content)
    {
        string file = Path.Combine(_folder, "medgen.json");
        File.WriteAllText(file, content);
        return file;
    }
}

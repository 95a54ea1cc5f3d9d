using System.Text.RegularExpressions;

namespace MedGen.Cli.Tests;

/// <summary>What 'plugins get' and 'plugins erase-data' tell people, of real plugins in a real host.</summary>
[Long]
public sealed class PluginsCommandTests : IDisposable
{
    private const string Settled = "test.settled";
    private const string Maker = "test.misbehaving-maker";

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-plugins-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task GetAndEraseData_OfPluginsThatSayAllThereIs_TellIt()
    {
        await using ServeProcess host = await ServeAsync();

        string settled = await RunAsync(host, "plugins", "get", Settled);
        settled.ShouldContain("weights: weights/w.bin, 5 bytes, SHA-256 3ba8d02b16fd2a01c1a8ba1a1f036d7ce386ed953696fa57331c2ac48a80b255, licence CC0-1.0");
        settled.ShouldContain("since it was loaded: 0 calls, 0 failed, 0.0 s on the device");
        settled.ShouldContain("data: 0 of 100000 bytes");
        Rows(settled).ShouldContain("limit integer, 1 to 10 3 7 How many.");
        Rows(settled).ShouldContain("api_key yes yes Key of the service.");
        Rows(settled).ShouldContain("proxy_password no no Password of a proxy.");
        Rows(settled).ShouldContain("test-settled: Says what it was told.");
        Rows(settled).ShouldContain("clip yes yes 1 1 Rgb24 The clip.");
        settled.ShouldNotContain("horse");

        string maker = await RunAsync(host, "plugins", "get", Maker);
        Rows(maker).ShouldContain("generator: Misbehaves.");
        Rows(maker).ShouldContain("model: grey, not trained");
        Rows(maker).ShouldContain("augmenter: Misbehaves.");
        Rows(maker).ShouldContain("invert Altered Inverts.");
        Rows(maker).ShouldContain("options of invert: not stated");

        string augmentation = await RunAsync(host, "plugins", "get", "medgen.augmentation");
        Rows(augmentation).ShouldContain("options of classic:");
        Rows(augmentation).ShouldContain("magnitude number, 0.01 to 1 0.5 Strength of every operation.");
        Rows(augmentation).ShouldContain("options of phantom:");

        await RunAsync(host, "analyze", RepositoryRoot.Path("samples", "clips", "lung_ultrasound.mp4"), "--task", "test-settled", "--parameter", "act=write");
        (await RunAsync(host, "plugins", "get", Settled)).ShouldContain("data: 60000 of 100000 bytes");
        (int refused, _, string why) = await MedGenCommand.RunAsync("plugins", "erase-data", Settled, "--host", host.Grpc.ToString());
        refused.ShouldNotBe(0);
        why.ShouldContain(Settled);
        await RunAsync(host, "plugins", "disable", Settled);
        (await RunAsync(host, "plugins", "erase-data", Settled)).Trim().ShouldBe("60000 bytes removed");
        (await RunAsync(host, "plugins", "erase-data", Settled, "--json")).Trim().ShouldBe("""{"bytes":0}""");
    }

    [Theory]
    [InlineData("--parameter", "stripes=1", "generator_options.stripes: is not known; allowed: none.")]
    [InlineData("--shift", "3", "wan: is given; allowed: none, as the plugin 'test.misbehaving-maker' has a model of its own.")]
    public async Task Generate_WithOptionsThatItsGeneratorDoesNotHave_IsRefusedByName(string option, string value, string why)
    {
        await using ServeProcess host = await ServeAsync();

        (int exitCode, _, string error) = await MedGenCommand.RunAsync(
            "generate", "--prompt", "none", "--plugin", Maker, option, value, "--out", Path.Combine(_folder, "clip.mp4"), "--host", host.Grpc.ToString());

        exitCode.ShouldNotBe(0);
        error.ShouldContain(why);
    }

    private async Task<ServeProcess> ServeAsync()
    {
        string plugins = Path.Combine(_folder, "plugins");
        foreach ((string of, string id) in new[] { ("test-plugins", Settled), ("test-plugins", Maker), ("plugins", "medgen.augmentation") })
        {
            string built = RepositoryRoot.Path("artifacts", of, id);
            foreach (string file in Directory.GetFiles(built, "*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(plugins, id, Path.GetRelativePath(built, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }

        string settings = Directory.CreateDirectory(Path.Combine(_folder, "settings")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(settings, $"{Settled}.json"), """{ "settings": { "limit": 7 }, "secret_files": { "api_key": "key" } }""", Token);
        await File.WriteAllTextAsync(Path.Combine(settings, "key"), "correct-horse", Token);
        File.SetUnixFileMode(Path.Combine(settings, "key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string config = Path.Combine(_folder, "medgen.json");
        await File.WriteAllTextAsync(config, $$"""{ "plugins": { "settings_folder": "{{settings}}" } }""", Token);
        return await ServeProcess.StartAsync(Path.Combine(_folder, "data"), plugins, config: config);
    }

    // The cells of each row with one blank between them.
    private static string Rows(string text) => Regex.Replace(text, "[ \\t│|]+", " ");

    private static async Task<string> RunAsync(ServeProcess host, params string[] arguments)
    {
        (int exitCode, string output, string error) = await MedGenCommand.RunAsync([.. arguments, "--host", host.Grpc.ToString()]);
        exitCode.ShouldBe(0, error);
        return output;
    }
}

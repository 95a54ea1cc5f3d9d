using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MedGen.Cli.Tests;

/// <summary>A plugin's way from a vendor's folder into a host, by the command.</summary>
public sealed class PackCommandTests : IDisposable
{
    private const string Id = "acme.polyp-detector";
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-packs-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => At("plugins");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Long]
    public async Task Guide_CommandsOfPackAndInstallation_LeadToAPluginThatAHostTakes()
    {
        Build("1.0.0");
        await RunGuideAsync();
        await File.WriteAllTextAsync(
            At("medgen.json"), """{ "plugins": { "trust": "signed", "trust_file": "FILE" } }""".Replace("FILE", At("trust.json"), StringComparison.Ordinal), Token);
        await using ServeProcess host = await ServeProcess.StartAsync(At("data"), Root, config: At("medgen.json"));

        (int exitCode, string plugin, string error) = await MedGenCommand.RunAsync("plugins", "reload", Id, "--host", host.Grpc.ToString(), "--json");

        exitCode.ShouldBe(0, error);
        JsonDocument.Parse(plugin).RootElement.GetProperty("state").GetString().ShouldBe("PLUGIN_STATE_ACTIVE");

        await PackAsync("2.0.0");
        (await InstallAsync("2.0.0")).ExitCode.ShouldBe(0);
        (_, plugin, _) = await MedGenCommand.RunAsync("plugins", "reload", Id, "--host", host.Grpc.ToString(), "--json");
        JsonDocument.Parse(plugin).RootElement.GetProperty("version").GetString().ShouldBe("2.0.0");
        (await MedGenCommand.RunAsync("plugins", "remove", Id, "--plugins", Root)).ExitCode.ShouldBe(0);
        (_, plugin, _) = await MedGenCommand.RunAsync("plugins", "reload", Id, "--host", host.Grpc.ToString(), "--json");
        JsonDocument.Parse(plugin).RootElement.GetProperty("state").GetString().ShouldBe("PLUGIN_STATE_UNLOADED");
    }

    [Fact, Long]
    public async Task Serve_WithTrustInSignedPluginsOnly_HasThePlatformsOwnInItsProcessAndNoOthers()
    {
        string plugins = Path.Combine(Path.GetDirectoryName(MedGenCommand.Library)!, "plugins");
        Copy(plugins, Root);
        Copy(RepositoryRoot.Path("artifacts", "sample-plugins", "example.hello-classifier"), At("plugins", "example.hello-classifier"));
        await File.AppendAllTextAsync(At("plugins", "medgen.surgical-phase", "0.1.0", "plugin.json"), " ", Token);
        await File.WriteAllTextAsync(At("medgen.json"), """{ "plugins": { "trust": "signed", "isolation": "foreign" } }""", Token);
        await using ServeProcess host = await ServeProcess.StartAsync(At("data"), Root, config: At("medgen.json"));

        (_, string list, _) = await MedGenCommand.RunAsync("plugins", "list", "--host", host.Grpc.ToString(), "--json");

        Dictionary<string, string> states = list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(plugin => plugin.GetProperty("pluginId").GetString()!, plugin => plugin.GetProperty("state").GetString()!["PLUGIN_STATE_".Length..]);
        states.ShouldBe(new Dictionary<string, string>
        {
            ["example.hello-classifier"] = "REJECTED",
            ["medgen.augmentation"] = "ACTIVE",
            ["medgen.generation"] = "ACTIVE",
            ["medgen.imaging-modality"] = "ACTIVE",
            ["medgen.surgical-phase"] = "REJECTED",
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task Install_WithoutTrust_IsRefusedUntilItIsAskedFor()
    {
        await PackAsync("1.0.0", sign: false);

        (int refused, _, string why) = await InstallAsync("1.0.0");
        (refused, why).ShouldBe((5, $"error: {Id} is not installed. It is not signed.\n"));
        Directory.Exists(Root).ShouldBeFalse();
        (int exitCode, string said, string error) = await InstallAsync("1.0.0", "--allow-untrusted", "--json");

        exitCode.ShouldBe(0, error);
        JsonElement answer = JsonDocument.Parse(said).RootElement;
        answer.GetProperty("trusted").GetBoolean().ShouldBeFalse();
        answer.GetProperty("folder").GetString().ShouldBe(At("plugins", Id, "1.0.0"));
    }

    [Fact]
    public async Task Install_WithAnAuthorityAndNoCatalogue_IsRefused()
    {
        await PackAsync("1.0.0");

        (int refused, _, string why) = await InstallAsync("1.0.0", "--ca", "ca.pem");

        (refused, why).ShouldBe((3, "error: ca: got 'ca.pem' without --catalog; allowed: with an https catalogue only.\n"));
    }

    [Fact]
    public async Task Install_OfADeniedPublisher_IsRefusedEvenIfAskedFor()
    {
        await PackAsync("1.0.0");
        await File.WriteAllTextAsync(At("trust.json"), """{"publishers": [{"name": "Acme", "key_files": ["acme.pem"], "denied": true}]}""", Token);

        (int refused, _, string why) = await InstallAsync("1.0.0", "--allow-untrusted");

        (refused, why).ShouldBe((5, $"error: {Id} is not installed. It is signed by Acme, whose plugins are denied.\n"));
    }

    [Fact]
    public async Task Install_UnsignedWithAnIdOfAPublisher_IsRefusedEvenIfAskedFor()
    {
        await PackAsync("1.0.0");
        await PackAsync("2.0.0", sign: false);

        (int refused, _, string why) = await InstallAsync("2.0.0", "--allow-untrusted");

        (refused, why).ShouldBe((5, $"error: {Id} is not installed. It is not signed. Only Acme may publish {Id}.\n"));
    }

    [Fact]
    public async Task Install_OfALowerVersion_NeedsItsOption()
    {
        await PackAsync("1.0.0");
        await PackAsync("2.0.0");
        (await InstallAsync("1.0.0")).ExitCode.ShouldBe(0);
        (await InstallAsync("2.0.0")).ExitCode.ShouldBe(0);

        (int refused, _, string why) = await InstallAsync("1.0.0");

        refused.ShouldBe(5);
        why.ShouldContain("--allow-downgrade");
        (await InstallAsync("1.0.0", "--allow-downgrade")).ExitCode.ShouldBe(0);
        Directory.GetDirectories(At("plugins", Id)).ShouldBe([At("plugins", Id, "1.0.0")]);
    }

    [Fact]
    public async Task Verify_OfAnInstalledFolderThatWasChanged_NamesTheFile()
    {
        await PackAsync("1.0.0");
        await InstallAsync("1.0.0");
        string installed = At("plugins", Id, "1.0.0");
        (await VerifyAsync(installed)).ExitCode.ShouldBe(0);
        await File.AppendAllTextAsync(Path.Combine(installed, "plugin.json"), " ", Token);

        (int exitCode, string said, _) = await VerifyAsync(installed);
        (_, string json, _) = await VerifyAsync(installed, "--json");

        exitCode.ShouldBe(1);
        said.ShouldContain("  plugin.json: was changed: it has SHA-256 ");
        JsonDocument.Parse(json).RootElement.GetProperty("faults")[0].GetProperty("field").GetString().ShouldBe("plugin.json");
        (await VerifyAsync(Build("1.0.1"))).Output.ShouldContain("it was not installed from a pack");
    }

    [Fact]
    public async Task Install_FromACatalogueBehindHttps_ChecksServerCatalogueAndPack()
    {
        await PackAsync("1.0.0");
        (int exitCode, _, string error) = await MedGenCommand.RunAsync(
            "plugins", "catalog", "add", At("1.0.0.mgpack"), "--catalog", At("catalog"), "--key", At("acme-key.pem"), "--passphrase-file", At("passphrase"),
            "--licence", "MIT", "--intended-use", "Tests.");
        exitCode.ShouldBe(0, error);
        await using WebApplication server = Serve(At("catalog"));
        await server.StartAsync(Token);
        string[] place = ["--catalog", server.Urls.Single(), "--ca", At("server.pem"), "--trust", At("trust.json")];

        (exitCode, string list, error) = await MedGenCommand.RunAsync(["plugins", "catalog", "list", "--json", .. place]);
        exitCode.ShouldBe(0, error);
        JsonDocument.Parse(list).RootElement.GetProperty("intendedUse").GetString().ShouldBe("Tests.");
        (exitCode, _, error) = await MedGenCommand.RunAsync(["plugins", "install", Id, "--plugins", Root, .. place]);
        exitCode.ShouldBe(0, error);
        (await VerifyAsync(At("plugins", Id, "1.0.0"))).ExitCode.ShouldBe(0);

        (await MedGenCommand.RunAsync(["plugins", "install", "acme.other", "--plugins", Root, .. place])).ExitCode.ShouldBe(4);
        (await MedGenCommand.RunAsync("plugins", "catalog", "list", "--catalog", server.Urls.Single(), "--trust", At("trust.json"))).ExitCode.ShouldBe(7);
        (await MedGenCommand.RunAsync("plugins", "catalog", "list", "--catalog", At("catalog"))).ExitCode.ShouldBe(5);
        (await MedGenCommand.RunAsync("plugins", "catalog", "list", "--catalog", "http://127.0.0.1/")).ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task Pack_OfAFolderThatFailsItsChecks_SaysWhyAndMakesNone()
    {
        string folder = Build("1.0.0");
        File.Delete(Path.Combine(folder, "HelloClassifier.dll"));

        (int exitCode, string said, _) = await MedGenCommand.RunAsync("plugins", "pack", folder, "--out", At("x.mgpack"));

        exitCode.ShouldBe(1);
        said.ShouldContain("The entry assembly HelloClassifier.dll is missing.");
        File.Exists(At("x.mgpack")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(3, "sign", "DIR/file", "--key", "DIR/file")]
    [InlineData(3, "sign", "DIR/file", "--key", "DIR/none.pem")]
    [InlineData(2, "sign", "DIR/file")]
    [InlineData(2, "install", "DIR/file")]
    [InlineData(3, "install", "DIR/file", "--plugins", "DIR/plugins")]
    [InlineData(3, "verify", "DIR/file", "--trust", "DIR/file")]
    [InlineData(1, "verify", "DIR/file")]
    [InlineData(3, "verify", "DIR/none.mgpack")]
    [InlineData(4, "remove", "acme.x", "--plugins", "DIR/plugins")]
    [InlineData(3, "remove", "../x", "--plugins", "DIR/plugins")]
    public async Task Commands_WithWrongInput_EndWithTheCodeForIt(int exitCode, params string[] arguments)
    {
        await File.WriteAllTextAsync(At("file"), "This is no pack, no key and no trust file.", Token);

        (int code, string output, string error) = await MedGenCommand.RunAsync(
            ["plugins", .. arguments.Select(one => one.Replace("DIR", _folder, StringComparison.Ordinal))]);

        code.ShouldBe(exitCode, output + error);
    }

    [Fact]
    [Long]
    public async Task Install_KilledAtAnyMoment_LeavesAllOrNothing()
    {
        string folder = Build("1.0.0");
        for (int i = 0; i < 300; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{i}.bin"), new byte[20_000], Token);
        }

        await PackAsync("1.0.0", sign: false, build: false);
        int whole = 0;
        for (int delay = 0; whole < 3; delay += 20)
        {
            using Process install = MedGenCommand.Start("plugins", "install", At("1.0.0.mgpack"), "--plugins", Root, "--allow-untrusted");
            await Task.Delay(delay, Token);
            install.Kill();
            await install.WaitForExitAsync(Token);

            if (Directory.Exists(At("plugins", Id)))
            {
                Directory.GetFiles(At("plugins", Id, "1.0.0")).Length.ShouldBe(304);
                (await MedGenCommand.RunAsync("plugins", "remove", Id, "--plugins", Root)).ExitCode.ShouldBe(0);
                whole++;
            }
        }

        (await InstallAsync("1.0.0", "--allow-untrusted")).ExitCode.ShouldBe(0);
        Directory.GetDirectories(Root).ShouldBe([At("plugins", Id)]);
    }

    private string At(params string[] parts) => Path.Combine([_folder, .. parts]);

    /// <summary>The folder that a vendor's build makes, of a plugin that is there already.</summary>
    private string Build(string version)
    {
        string folder = At("src", "Acme.PolypDetector", "bin", "plugin", Id, version);
        Copy(RepositoryRoot.Path("artifacts", "sample-plugins", "example.hello-classifier", "1.0.0"), folder);
        string path = Path.Combine(folder, "plugin.json");
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        (manifest["id"], manifest["version"], manifest["publisher"]) = (Id, version, "Acme");
        File.WriteAllText(path, manifest.ToJsonString());
        return folder;
    }

    private async Task PackAsync(string version, bool sign = true, bool build = true)
    {
        string folder = build ? Build(version) : At("src", "Acme.PolypDetector", "bin", "plugin", Id, version);
        (int exitCode, string output, string error) = await MedGenCommand.RunAsync("plugins", "pack", folder, "--out", At($"{version}.mgpack"));
        exitCode.ShouldBe(0, output + error);
        if (sign)
        {
            if (!File.Exists(At("acme-key.pem")))
            {
                await RunGuideAsync("openssl");
            }

            (exitCode, output, error) = await MedGenCommand.RunAsync(
                "plugins", "sign", At($"{version}.mgpack"), "--key", At("acme-key.pem"), "--passphrase-file", At("passphrase"));
            exitCode.ShouldBe(0, output + error);
        }

        if (!File.Exists(At("trust.json")))
        {
            await File.WriteAllTextAsync(At("trust.json"), sign ? GuideLines().Trust : "{}", Token);
        }
    }

    private Task<(int ExitCode, string Output, string Error)> InstallAsync(string version, params string[] more) =>
        MedGenCommand.RunAsync(["plugins", "install", At($"{version}.mgpack"), "--plugins", Root, "--trust", At("trust.json"), .. more]);

    private Task<(int ExitCode, string Output, string Error)> VerifyAsync(string path, params string[] more) =>
        MedGenCommand.RunAsync(["plugins", "verify", path, "--trust", At("trust.json"), .. more]);

    /// <summary>Runs the guide's commands about packs, those that begin with a word, as they stand there; all but those that need a host.</summary>
    private async Task RunGuideAsync(string begin = "")
    {
        (string[] commands, string trust) = GuideLines();
        await File.WriteAllTextAsync(At("trust.json"), trust, Token);
        string script = string.Join('\n', commands.Where(line => line.StartsWith(begin, StringComparison.Ordinal)));
        ProcessStartInfo start = new("bash", ["-ec", $"medgen() {{ dotnet '{MedGenCommand.Library}' \"$@\"; }}\n{script}"])
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, output + await error);
    }

    private static (string[] Commands, string Trust) GuideLines()
    {
        string[] lines = [.. File.ReadAllLines(RepositoryRoot.Path("docs", "plugin-guide.md")).SkipWhile(line => !line.StartsWith("## 6.", StringComparison.Ordinal))];
        string[] commands =
        [
            .. lines.Where(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line.Trim())
                .Where(line => !line.StartsWith("medgen plugins reload", StringComparison.Ordinal) && !line.StartsWith("medgen analyze", StringComparison.Ordinal)),
        ];
        commands.Length.ShouldBe(12);
        return (commands, lines.Single(line => line.StartsWith("{\"publishers\"", StringComparison.Ordinal)));
    }

    private WebApplication Serve(string folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=catalogue", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(At("server.pem"), certificate.ExportCertificatePem());
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseUrls()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        WebApplication server = builder.Build();
        server.Run(context => context.Response.SendFileAsync(Path.Combine(folder, Path.GetFileName(context.Request.Path.Value!)), Token));
        return server;
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}

using MedGen.Application.Plugins;
using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Packs;
using MedGen.PluginHost.Tests.Packs;
using MedGen.PluginHost.Trust;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Tests.Trust;

/// <summary>What a host loads, and where, by the setting of trust.</summary>
[Collection("plugins")]
public sealed class TrustedLoadingTests : IAsyncDisposable
{
    private const string Id = "test.good";
    private readonly PackWorkshop _desk = new();
    private readonly PluginHostFixture _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_host.Root, Id, "1.0.0");

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _desk.Dispose();
    }

    [Theory]
    [InlineData(PluginTrust.Open)]
    [InlineData(PluginTrust.Isolated)]
    [InlineData(PluginTrust.Signed)]
    public async Task Start_PackOfATrustedPublisher_ServesInTheHostsProcess(PluginTrust trust)
    {
        Install(_desk.Pack());

        await StartAsync(trust);

        Status().State.ShouldBe(PluginState.Active, Status().Reason);
        (await _host.AnalyzeAsync("test-good")).ShouldBe("v1");
    }

    // No program for workers is given, so that a plugin that shall run in one says so.
    [Theory]
    [InlineData(PluginTrust.Open, PluginState.Active, null)]
    [InlineData(PluginTrust.Isolated, PluginState.Malfunctioned, "process")]
    [InlineData(PluginTrust.Signed, PluginState.Rejected, "It is not signed. The setting plugins.trust asks for a trusted publisher's signature.")]
    public async Task Start_UnsignedFolder_IsWhatTheSettingSays(PluginTrust trust, PluginState state, string? reason)
    {
        _host.Install(Id, "1.0.0");

        await StartAsync(trust, plugins: "acme.*");

        (Status().State, Status().Reason?.Contains(reason ?? "", StringComparison.Ordinal)).ShouldBe((state, reason is null ? null : true), Status().Reason);
    }

    [Theory]
    [InlineData("changed", "GoodV1.dll: was changed: it has SHA-256")]
    [InlineData("added", "Evil.dll: was added: pack.json does not list it.")]
    [InlineData("missing", "GoodV1.deps.json: is missing: pack.json lists it.")]
    [InlineData("link", "Evil.dll: is a symbolic link; allowed: files and folders.")]
    [InlineData("index", "pack.json: is missing.")]
    [InlineData("case", "PACK.json: was added")]
    [InlineData("signature", "pack.sig: is no valid signature")]
    [InlineData("huge", "pack.sig: has 5000 bytes; allowed: 4096.")]
    public async Task Start_InstalledFolderThatWasTamperedWith_IsRefusedByNameUnderAnySetting(string how, string fault)
    {
        Install(_desk.Pack());
        string signature = Path.Combine(Folder, "pack.sig");
        Action tamper = how switch
        {
            "changed" => () => File.AppendAllText(Path.Combine(Folder, "GoodV1.dll"), "x"),
            "added" => () => File.WriteAllText(Path.Combine(Folder, "Evil.dll"), "x"),
            "missing" => () => File.Delete(Path.Combine(Folder, "GoodV1.deps.json")),
            "link" => () => File.CreateSymbolicLink(Path.Combine(Folder, "Evil.dll"), "/etc/passwd"),
            "index" => () => File.Delete(Path.Combine(Folder, "pack.json")),
            "case" => () => File.WriteAllText(Path.Combine(Folder, "PACK.json"), "x"),
            "huge" => () => File.WriteAllBytes(signature, new byte[5000]),
            _ => () => File.WriteAllText(signature, Swapped(File.ReadAllText(signature))),
        };
        tamper();

        await StartAsync(PluginTrust.Open);

        Status().State.ShouldBe(PluginState.Rejected);
        Status().Reason!.ShouldContain(fault);
    }

    [Theory]
    [InlineData(PluginTrust.Open)]
    [InlineData(PluginTrust.Isolated)]
    [InlineData(PluginTrust.Signed)]
    public async Task Reload_OfAPluginWhoseKeyWasRevoked_EndsIt(PluginTrust trust)
    {
        Install(_desk.Pack());
        await StartAsync(trust);
        _desk.Trust(more: $", \"revoked_keys\": [\"{_desk.KeyId}\"]");

        await ShouldEndAsync("which is revoked.");
    }

    [Fact]
    public async Task Reload_OfARevokedPluginWhoseServingVersionWasRemoved_EndsIt()
    {
        Install(_desk.Pack());
        Install(_desk.Pack("2.0.0"));
        await StartAsync(PluginTrust.Open);
        _desk.Trust(more: $", \"revoked_keys\": [\"{_desk.KeyId}\"]");
        new PackInstaller(_host.Root).Uninstall(Id, "2.0.0");

        await ShouldEndAsync("which is revoked.");
    }

    [Fact]
    public async Task Reload_OfARevokedPluginWhoseFolderWasChanged_EndsIt()
    {
        Install(_desk.Pack());
        await StartAsync(PluginTrust.Open);
        _desk.Trust(more: $", \"revoked_keys\": [\"{_desk.KeyId}\"]");
        File.Delete(Path.Combine(Folder, "GoodV1.deps.json"));

        await ShouldEndAsync("GoodV1.deps.json: is missing");
    }

    [Fact]
    public async Task Reload_WhenTheServingVersionWasRemovedAndTheOtherIsBad_EndsIt()
    {
        Install(_desk.Pack());
        Install(_desk.Pack("2.0.0"));
        await StartAsync(PluginTrust.Open);
        new PackInstaller(_host.Root).Uninstall(Id, "2.0.0");
        File.Delete(Path.Combine(Folder, "GoodV1.deps.json"));

        await ShouldEndAsync("GoodV1.deps.json: is missing");
    }

    [Fact]
    public async Task Start_TrustFileThatCannotBeUsed_LetsNobodyIn()
    {
        _host.Install(Id, "1.0.0");
        _desk.Write("trust.json", "no");

        await StartAsync(PluginTrust.Open, makeTrustFile: false);

        Status().State.ShouldBe(PluginState.Rejected);
        Status().Reason!.ShouldContain("Nothing can be said about its publisher: ");
    }

    [Fact]
    public async Task Reload_AfterInstallAndRemoval_SwitchesToTheNewVersionAndLetsGo()
    {
        Install(_desk.Pack());
        await StartAsync(PluginTrust.Signed);
        Install(_desk.Pack("2.0.0"));

        (await _host.Catalog.ReloadAsync(Id, Token)).Version.ShouldBe("2.0.0");
        (await _host.AnalyzeAsync("test-good")).ShouldBe("v2");
        new PackInstaller(_host.Root).Uninstall(Id, null);
        PluginStatus status = await _host.Catalog.ReloadAsync(Id, Token);

        (status.State, status.Reason).ShouldBe((PluginState.Unloaded, "Its folder is gone."));
        await Should.ThrowAsync<FailedPreconditionException>(() => _host.AnalyzeAsync("test-good"));
    }

    [Fact]
    public async Task Start_UnsignedPluginWithTheContentThatTheBuildWroteDown_IsThePlatformsOwn()
    {
        _host.Install(Id, "1.0.0");

        await StartAsync(PluginTrust.Signed, OwnFilesOfTheFolder(), IsolationPolicy.Foreign);

        (await _host.AnalyzeAsync("test-good")).ShouldBe("v1");
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("added")]
    [InlineData("missing")]
    [InlineData("link")]
    public async Task Start_PluginWithAnIdOfThePlatformAndAnotherContent_IsRefused(string how)
    {
        _host.Install(Id, "1.0.0");
        string list = OwnFilesOfTheFolder();
        Action tamper = how switch
        {
            "changed" => () => File.AppendAllText(Path.Combine(Folder, "GoodV1.deps.json"), " "),
            "added" => () => File.WriteAllText(Path.Combine(Folder, "Evil.dll"), "x"),
            "link" => () => File.CreateSymbolicLink(Path.Combine(Folder, "Evil.dll"), "/etc/passwd"),
            _ => () => File.Delete(Path.Combine(Folder, "GoodV1.deps.json")),
        };
        tamper();

        await StartAsync(PluginTrust.Open, list, plugins: "acme.*", isOwn: true);

        Status().State.ShouldBe(PluginState.Rejected);
        Status().Reason!.ShouldContain("It is not signed. Its id is the platform's own, its content is not.");
    }

    [Theory]
    [InlineData(false, "1.0.0")]
    [InlineData(true, "2.0.0")]
    public async Task Start_HigherVersionOfThePlatformsOwn_ServesIfAPublisherWhoMaySignsIt(bool signed, string version)
    {
        _host.Install(Id, "1.0.0");
        string list = OwnFilesOfTheFolder();
        Install(_desk.Pack("2.0.0", signed));

        await StartAsync(PluginTrust.Open, list, plugins: signed ? "test.*" : "acme.*", isOwn: true);

        (Status().State, Status().Version).ShouldBe((PluginState.Active, version), Status().Reason);
    }

    [Fact]
    public async Task Start_UnsignedVersionAboveThatOfAPublisher_LeavesThePublishersServing()
    {
        Install(_desk.Pack());
        _host.Install(Id, "2.0.0");

        await StartAsync(PluginTrust.Open);

        (Status().State, Status().Version).ShouldBe((PluginState.Active, "1.0.0"), Status().Reason);
        Status().Reason!.ShouldContain("It is not signed. Only Tests may publish test.good.");
    }

    [Fact]
    public async Task Status_OfAPlugin_SaysWhetherItsPublisherIsProven()
    {
        Install(_desk.Pack());
        await StartAsync(PluginTrust.Open);
        string proven = Status().Publisher;
        await _host.StopAsync();

        await StartAsync(PluginTrust.Open, trustFile: false);

        (proven, Status().Publisher).ShouldBe(("Tests", "Tests (not proven)"));
    }

    [Fact]
    public async Task Reload_OfAnUnsignedVersionOnTrial_WarnsOfItsOrigin()
    {
        _host.Install(Id, "1.0.0");
        await StartAsync(PluginTrust.Open, plugins: "acme.*", canaryShare: 0.5);
        _host.Install(Id, "2.0.0");

        await _host.Catalog.ReloadAsync(Id, Token);

        _host.Logged.ShouldContain("Plugin test.good 2.0.0 serves, though nothing proves where it comes from: It is not signed.");
    }

    private async Task ShouldEndAsync(string why)
    {
        FailedPreconditionException refusal = await Should.ThrowAsync<FailedPreconditionException>(() => _host.Catalog.ReloadAsync(Id, Token));
        refusal.Message.ShouldContain(why);
        Status().State.ShouldBe(PluginState.Rejected);
        await Should.ThrowAsync<FailedPreconditionException>(() => _host.AnalyzeAsync("test-good"));
    }

    [Theory]
    [InlineData(PluginTrust.Isolated, PluginOrigin.Unknown, SandboxMode.Auto, SandboxMode.Required)]
    [InlineData(PluginTrust.Isolated, PluginOrigin.Unknown, SandboxMode.Limits, SandboxMode.Limits)]
    [InlineData(PluginTrust.Isolated, PluginOrigin.Publisher, SandboxMode.Auto, SandboxMode.Auto)]
    [InlineData(PluginTrust.Open, PluginOrigin.Unknown, SandboxMode.Auto, SandboxMode.Auto)]
    public void Sandbox_OfAProcessOutOfDistrust_IsRequiredUnlessTheOperatorSaysOtherwise(
        PluginTrust trust, PluginOrigin origin, SandboxMode set, SandboxMode used)
    {
        PluginHostOptions options = new() { Trust = trust, WorkerSandbox = set };
        PluginFolderReport report = new()
        {
            Folder = new PluginFolder(Folder), Findings = [], Verdict = new TrustVerdict { Origin = origin, Reason = "It says so." },
        };

        options.SandboxFor(report).ShouldBe(used);
    }

    private PluginStatus Status() => _host.Catalog.GetStatus(Id);

    private void Install(string file)
    {
        using PackReader pack = PackReader.Open(file);
        new PackInstaller(_host.Root).Install(pack, allowDowngrade: false, Token);
    }

    private Task<PluginHostFixture> StartAsync(
        PluginTrust trust, string ownFiles = "", IsolationPolicy isolation = IsolationPolicy.Declared, bool makeTrustFile = true,
        bool trustFile = true, string plugins = "test.*", bool isOwn = false, double canaryShare = 0)
    {
        string? file = !trustFile ? null : makeTrustFile ? _desk.Trust(plugins: plugins) : _desk.At("trust.json");
        return _host.StartAsync(options =>
        {
            options.Trust = trust;
            options.TrustFile = file;
            options.Isolation = isolation;
            options.CanaryShare = canaryShare;
            if (isOwn)
            {
                options.OwnPlugins["analysis/test-good"] = Id;
            }

            OwnFiles.Read(new StringReader(ownFiles), options.OwnFiles);
        });
    }

    private string OwnFilesOfTheFolder() => TestPlugins.HashesOf(_host.Root, Id, "1.0.0");

    private static string Swapped(string signature)
    {
        int at = signature.IndexOf("\"signature\":\"", StringComparison.Ordinal) + 14;
        return signature[..at] + (signature[at] == 'A' ? 'B' : 'A') + signature[(at + 1)..];
    }
}

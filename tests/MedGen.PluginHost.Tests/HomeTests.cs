using System.Text.Json;
using MedGen.Application.Plugins;
using MedGen.PluginHost.Home;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.Logging;

namespace MedGen.PluginHost.Tests;

/// <summary>What a plugin has of its own in the host: settings, secrets, a data folder, a log.</summary>
[Collection("plugins")]
public sealed class HomeTests : IAsyncDisposable
{
    private const string Id = "test.settled";
    private const string Task = "test-settled";
    private const string Secret = "correct-horse";
    private readonly PluginHostFixture _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Analyze_WithSettingsAndASecret_HasThem(bool isolated)
    {
        Set("""{ "settings": { "limit": 7, }, "secret_files": { "api_key": "key" } } // the operator's""");
        await StartAsync(isolated);

        (await AnalyzeAsync("none")).ShouldBe($"hello 7 {Secret.Length} 1 [] {MedGenSdk.Version} {PluginHome.HostVersion} cpu");

        PluginSettingsStatus status = _host.Catalog.GetStatus(Id).Settings.ShouldNotBeNull();
        JsonDocument.Parse(status.Values).RootElement.GetProperty("limit").GetInt32().ShouldBe(7);
        status.GivenSecrets.ShouldBe(["api_key"]);
        status.Declared.Secrets.Select(secret => secret.Name).ShouldBe(["api_key", "proxy_password"]);
        status.Declared.Schema.ShouldContain("How many.");
        (status.DataBytesAllowed, status.DataBytesUsed).ShouldBe((100_000, 0));
    }

    [Theory]
    [InlineData("""{ "settings": { "limit": 11 }, "secret_files": { "api_key": "key" } }""", "settings.limit: got 11; allowed: 1 to 10.")]
    [InlineData("""{ "settings": { "colour": 1 }, "secret_files": { "api_key": "key" } }""", "settings.colour: is not known")]
    [InlineData("""{ "settings": [], "secret_files": { "api_key": "key" } }""", "settings: got Array; allowed: an object.")]
    [InlineData("""{ "secrets": { "api_key": "key" } }""", "secrets")]
    [InlineData("""{ "secret_files": { "api_key": null } }""", "null")]
    [InlineData("{ }", "secret_files.api_key: is missing: Key of the service.")]
    [InlineData("""{ "secret_files": { "api_key": "key", "colour": "key" } }""", "secret_files.colour: the plugin takes no such secret")]
    [InlineData("""{ "secret_files": { "api_key": "short" } }""", "secret_files.api_key: got 3 characters; allowed: at least 6.")]
    [InlineData("""{ "secret_files": { "api_key": "correct-horse" } }""", "secret_files.api_key: got no readable file")]
    [InlineData("""{ "settings": { "greeting": "fail" }, "secret_files": { "api_key": "key" } }""", "the key (secret) is wrong")]
    public async Task Load_WithSettingsThatDoNotFit_IsRefusedByName(string file, string why)
    {
        Set(file);
        await StartAsync(isolated: false);

        PluginStatus status = _host.Catalog.GetStatus(Id);
        status.State.ShouldBeOneOf(PluginState.Rejected, PluginState.Malfunctioned);
        status.Reason.ShouldNotBeNull().ShouldContain(why);
        string.Join(" ", _host.Logged.Append(status.Reason)).ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData(0b110_100_000, "0640")]
    [InlineData(0b110_000_100, "0604")]
    [InlineData(0b110_010_000, "0620")]
    [InlineData(0b100_000_000, null)]
    public async Task Load_WithASecretThatOthersCanReach_IsRefusedWithFileAndMode(int mode, string? told)
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        File.SetUnixFileMode(Path.Combine(_host.SettingsFolder, "key"), (UnixFileMode)mode);
        await StartAsync(isolated: false);

        PluginStatus status = _host.Catalog.GetStatus(Id);
        status.State.ShouldBe(told is null ? PluginState.Active : PluginState.Rejected);
        (status.Reason?.Contains($"secret_files.api_key: 'key' has mode {told}; allowed: 0600 or 0400", StringComparison.Ordinal) ?? false)
            .ShouldBe(told is not null, status.Reason);
    }

    [Fact]
    public async Task Load_InAProcessOfItsOwnWithSettingsThatDoNotFit_IsRefusedByName()
    {
        Set("""{ "settings": { "limit": 11 }, "secret_files": { "api_key": "key" } }""");
        await StartAsync(isolated: true);

        PluginStatus status = _host.Catalog.GetStatus(Id);
        status.State.ShouldBe(PluginState.Rejected);
        status.Reason.ShouldNotBeNull().ShouldContain("settings.limit: got 11; allowed: 1 to 10.");
    }

    [Fact]
    public async Task Reload_AfterAChangeOfTheSettings_TellsThePluginOrKeepsTheOldOnes()
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        await StartAsync(isolated: false);

        Set("""{ "settings": { "limit": 8 }, "secret_files": { "api_key": "key" } }""");
        (await AnalyzeAsync("none")).ShouldStartWith("hello 3 ");
        await _host.Catalog.ReloadAsync(Id, Token);
        (await AnalyzeAsync("none")).ShouldStartWith("hello 8 ");

        Set("""{ "settings": { "limit": 88 }, "secret_files": { "api_key": "key" } }""");
        (await Should.ThrowAsync<FailedPreconditionException>(() => _host.Catalog.ReloadAsync(Id, Token))).Message.ShouldContain("settings.limit: got 88");
        (await AnalyzeAsync("none")).ShouldStartWith("hello 8 ");
    }

    [Fact]
    public async Task Start_WithSettingsForNobody_SaysSo()
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        File.WriteAllText(Path.Combine(_host.SettingsFolder, "acme.gone.json"), "{}");
        await StartAsync(isolated: false);

        _host.Logged.ShouldContain(line => line.Contains("acme.gone.json", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_OfAPlugin_BearsItsNameAndNoSecretAndIsCut(bool isolated)
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        _host.Levels["Plugin.test.settled"] = LogLevel.Information;
        await StartAsync(isolated);

        await AnalyzeAsync("log");
        await _host.StopAsync();

        string[] lines = [.. _host.Logged.Where(line => line.StartsWith("test.settled 1.0.0, ", StringComparison.Ordinal))];
        lines.ShouldContain("test.settled 1.0.0, Settled.SettledAnalyzer: the key is (secret)");
        lines.ShouldContain("test.settled 1.0.0, output: printed (secret)");
        lines.ShouldContain("test.settled 1.0.0, output: line 7");
        lines.Length.ShouldBeLessThanOrEqualTo(202);
        _host.Logged.ShouldNotContain(line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_OfAPlugin_KeepsToTheLevelOfItsCategory()
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        _host.Levels["Plugin.test.settled"] = LogLevel.Error;
        await StartAsync(isolated: false);

        await AnalyzeAsync("log");

        _host.Logged.ShouldNotContain(line => line.StartsWith("test.settled 1.0.0, ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rules_OfALease_KnowWhatIsSecret()
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        await StartAsync(isolated: false);
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);

        string told = (await Should.ThrowAsync<InvalidInputException>(() => SayAsync(lease, "tell"))).Message;

        lease.Rules.ShouldNotBeNull().HoldsSecret(told).ShouldBeTrue();
        lease.Rules.HoldsSecret("anything else").ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Weights_OfAPlugin_AreOpenedWhenTheyAreNeededAndRefusedOnceTheyHaveChanged(bool isolated)
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        await StartAsync(isolated);
        string file = Path.Combine(_host.Root, Id, "1.0.0", "weights", "w.bin");

        (await AnalyzeAsync("weights")).ShouldEndWith(" weights seven");
        _host.Catalog.GetStatus(Id).Weights.ShouldHaveSingleItem().ShouldBe(new PluginWeights
        {
            Path = "weights/w.bin",
            Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("seven"u8)),
            Bytes = 5,
            License = "CC0-1.0",
        });
        File.WriteAllText(file, "eight");
        (await Should.ThrowAsync<MedGenException>(() => AnalyzeAsync("weights"))).Message
            .ShouldBe("test.settled: weights/w.bin is not the file that plugin.json declares.");
        (await Should.ThrowAsync<FailedPreconditionException>(() => _host.Catalog.ReloadAsync(Id, Token))).Message
            .ShouldContain("weights/w.bin has SHA-256");
        File.Delete(file);
        (await Should.ThrowAsync<MedGenException>(() => AnalyzeAsync("weights"))).Reason.ShouldBe("WEIGHTS_MISSING");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Data_OfAPlugin_StaysUntilItIsErased(bool isolated)
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        await StartAsync(isolated);
        (await AnalyzeAsync("write")).ShouldContain("[kept]");
        await _host.Catalog.ReloadAsync(Id, Token);
        (await AnalyzeAsync("none")).ShouldContain("[kept]");
        _host.Catalog.GetStatus(Id).Settings!.DataBytesUsed.ShouldBe(60_000);

        (await Should.ThrowAsync<FailedPreconditionException>(() => _host.Catalog.EraseDataAsync(Id, Token))).Reason.ShouldBe("PLUGIN_IN_USE");
        await _host.Catalog.DisableAsync(Id, Token);
        (await _host.Catalog.EraseDataAsync(Id, Token)).ShouldBe(60_000);
        Directory.Exists(Path.Combine(_host.DataRoot, Id)).ShouldBeFalse();
        await _host.Catalog.EnableAsync(Id, Token);
        (await AnalyzeAsync("none")).ShouldContain("[]");
        await Should.ThrowAsync<ResourceNotFoundException>(() => _host.Catalog.EraseDataAsync("../data", Token));
    }

    [Fact]
    public async Task Data_OverItsQuota_KeepsCallsOutUntilItIsErased()
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        await StartAsync(isolated: false);
        await AnalyzeAsync("write");
        await AnalyzeAsync("fill");
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);

        ResourceExhaustedException full = Should.Throw<ResourceExhaustedException>(lease.Rules!.Admit);

        full.Reason.ShouldBe("PLUGIN_DATA_FULL");
        full.Message.ShouldContain("holds 120000 bytes; allowed: 100000");
    }

    [Fact, Long]
    public async Task Data_OverItsQuotaInAProcessOfItsOwn_EndsThat()
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        await StartAsync(isolated: true);

        (await Should.ThrowAsync<MedGenException>(() => AnalyzeAsync("fill_and_stay"))).Message.ShouldContain("its data folder holds 120000 bytes");
    }

    [Fact]
    public async Task Load_OfAPluginThatAsksForMoreDataThanItMay_IsRefused()
    {
        Set("""{ "secret_files": { "api_key": "key" } }""");
        TestPlugins.EditManifest(TestPlugins.Install(_host.Root, Id, "1.0.0"), manifest => manifest["dataBytes"] = 2 << 20);
        await _host.StartAsync(options => options.MaxDataBytes = 1 << 20);

        _host.Catalog.GetStatus(Id).Reason.ShouldNotBeNull().ShouldContain("dataBytes: got 2097152; allowed: at most 1048576");
    }

    private void Set(string file)
    {
        File.WriteAllText(Path.Combine(_host.SettingsFolder, $"{Id}.json"), file);
        WriteSecret("key", Secret + "\n");
        WriteSecret("short", "abc");
    }

    private void WriteSecret(string name, string text)
    {
        string path = Path.Combine(_host.SettingsFolder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private Task<PluginHostFixture> StartAsync(bool isolated) => _host.Install(Id, "1.0.0").StartAsync(options =>
    {
        options.WorkerCommand = TestPlugins.WorkerCommand;
        options.Isolation = isolated ? IsolationPolicy.Foreign : IsolationPolicy.Declared;
    });

    private async Task<string> AnalyzeAsync(string act)
    {
        using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync(Task);
        return await SayAsync(lease, act);
    }

    // As the host's calls do it.
    private static async Task<string> SayAsync(PluginLease<IVideoAnalyzer> lease, string act)
    {
        lease.Rules!.Enter();
        string said = "";
        AnalysisRequest request = new() { Parameters = $$"""{"act": "{{act}}"}""" };
        await foreach (AnalysisUpdate update in lease.Service.AnalyzeAsync(request, Token))
        {
            said = update is FinalFindings { Findings: [TextFinding text, ..] } ? text.Text : said;
        }

        return said;
    }
}

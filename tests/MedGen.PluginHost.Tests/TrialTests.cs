using MedGen.Application.Plugins;
using MedGen.PluginHost.Catalog;
using MedGen.Sdk.Analysis;

namespace MedGen.PluginHost.Tests;

/// <summary>New versions on a share of the calls.</summary>
[Collection("plugins")]
public sealed class TrialTests : IAsyncDisposable
{
    private const string Id = "test.good";
    private readonly PluginHostFixture _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Reload_WithAShare_TriesTheNewVersionAndThenTakesIt()
    {
        await StartAsync();

        (await CallAsync(8)).ShouldBe(["1.0.0", "2.0.0", "1.0.0", "1.0.0", "2.0.0", "1.0.0", "1.0.0", "1.0.0"]);
        (Status().Version, Status().Reason).ShouldBe(("1.0.0", "Version 2.0.0 is on trial with 25 % of the calls: 2 done, 0 of them failed."));
        await CallAsync(4);

        (Status().Version, Status().Reason).ShouldBe(("2.0.0", null));
        (await CallAsync(2)).ShouldBe(["2.0.0", "2.0.0"]);
        (await _host.AnalyzeAsync("test-good")).ShouldBe("v2");
    }

    [Fact]
    public async Task Calls_ThatFailOnTrial_BringTheVersionBeforeBack()
    {
        await StartAsync();

        await CallAsync(8, wentWell: version => version == "1.0.0");

        (Status().State, Status().Version).ShouldBe((PluginState.Active, "1.0.0"));
        Status().Reason.ShouldBe("Version 2.0.0 is quarantined: On trial, 2 of 2 calls failed; 'medgen plugins enable test.good' lifts the quarantine.");
        (await CallAsync(4)).ShouldAllBe(version => version == "1.0.0");
        await RestartAsync();
        Status().Version.ShouldBe("1.0.0");
        (await CallAsync(4)).ShouldAllBe(version => version == "1.0.0");
    }

    [Fact]
    public async Task Calls_ThatNobodyCanBlameThePluginFor_AreNotCounted()
    {
        await StartAsync();

        await CallAsync(16, wentWell: _ => null);

        Status().Reason.ShouldBe("Version 2.0.0 is on trial with 25 % of the calls: 0 done, 0 of them failed.");
    }

    [Fact]
    public async Task Calls_ThatDoNotEnd_CountAsFailed()
    {
        await StartAsync();
        for (int i = 0; i < 8; i++)
        {
            using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync("test-good");
            if (lease.PluginVersion == "2.0.0")
            {
                lease.Abandon(Task.CompletedTask);
            }
        }

        (Status().State, Status().Version).ShouldBe((PluginState.Active, "1.0.0"));
        Status().Reason!.ShouldStartWith("Version 2.0.0 is quarantined: On trial, 2 of 2 calls failed");
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void TakesTurn_OfEveryOtherCall_KeepsTheShare(double share)
    {
        PluginTrial trial = new(null!, share);
        double taken = 0;
        for (int i = 0; i < 2000; i++)
        {
            bool takes = trial.TakesTurn();
            taken += takes && i % 2 == 0 ? 1 : 0;
        }

        taken.ShouldBe(1000 * share, tolerance: 2);
    }

    [Fact]
    public async Task Restart_DuringATrial_DoesNotMakeTheNewVersionServe()
    {
        await StartAsync();

        await RestartAsync();

        (Status().Version, Status().Reason).ShouldBe(("1.0.0", "Version 2.0.0 is on trial with 25 % of the calls: 0 done, 0 of them failed."));
        await CallAsync(12);
        Status().Version.ShouldBe("2.0.0");
        await RestartAsync();
        (Status().Version, Status().Reason).ShouldBe(("2.0.0", null));
    }

    [Fact]
    public async Task Disable_DuringATrial_EndsBothVersions()
    {
        await StartAsync();

        await _host.Catalog.DisableAsync(Id, Token);

        (Status().State, Status().CallsInFlight).ShouldBe((PluginState.Disabled, 0));
        PluginStatus enabled = await _host.Catalog.EnableAsync(Id, Token);
        (enabled.Version, enabled.Reason).ShouldBe(("1.0.0", "Version 2.0.0 is on trial with 25 % of the calls: 0 done, 0 of them failed."));
    }

    [Fact]
    public async Task Reload_OfABadNewVersion_LeavesTheOldOneAlone()
    {
        await _host.Install(Id, "1.0.0").StartAsync(Try);
        TestPlugins.EditManifest(TestPlugins.Install(_host.Root, Id, "2.0.0"), manifest => manifest["sdk"] = "[7.0,8.0)");

        await Should.ThrowAsync<MedGen.Sdk.Errors.FailedPreconditionException>(() => _host.Catalog.ReloadAsync(Id, Token));

        Status().Version.ShouldBe("1.0.0");
        (await CallAsync(4)).ShouldAllBe(version => version == "1.0.0");
    }

    [Fact]
    public async Task Restart_DuringATrialOfWhatDoesNotLoadNow_RemembersTheTrial()
    {
        await StartAsync();
        await _host.StopAsync();
        string manifest = Path.Combine(_host.Root, Id, "2.0.0", "plugin.json");
        string good = await File.ReadAllTextAsync(manifest, Token);
        await File.WriteAllTextAsync(manifest, "no", Token);
        await _host.StartAsync(Try);
        Status().Version.ShouldBe("1.0.0");
        await File.WriteAllTextAsync(manifest, good, Token);

        await RestartAsync();

        (Status().Version, Status().Reason).ShouldBe(("1.0.0", "Version 2.0.0 is on trial with 25 % of the calls: 0 done, 0 of them failed."));
    }

    [Fact]
    public async Task Quarantine_OfTheVersionThatServesDuringATrial_HasTheNewOneTakeOver()
    {
        await StartAsync();
        for (int abandoned = 0; abandoned < 3;)
        {
            using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync("test-good");
            if (lease.PluginVersion == "1.0.0")
            {
                lease.Abandon(Task.CompletedTask);
                abandoned++;
            }
        }

        (Status().State, Status().Version).ShouldBe((PluginState.Active, "2.0.0"));
        Status().Reason!.ShouldStartWith("Version 1.0.0 is quarantined: 3 calls of version 1.0.0 did not end");
        (await CallAsync(4)).ShouldAllBe(version => version == "2.0.0");
        await RestartAsync();
        (Status().Version, Status().Reason).ShouldBe(("2.0.0", null));
    }

    [Fact]
    public async Task Reload_WhenTheServingVersionWasRemoved_TakesTheNewOneAtOnce()
    {
        await _host.Install(Id, "1.0.0").StartAsync(Try);
        _host.Install(Id, "2.0.0");
        Directory.Delete(Path.Combine(_host.Root, Id, "1.0.0"), recursive: true);

        PluginStatus status = await _host.Catalog.ReloadAsync(Id, Token);

        (status.Version, status.Reason).ShouldBe(("2.0.0", null));
    }

    private static void Try(PluginHostOptions options) => (options.CanaryShare, options.CanaryCalls, options.CanaryFailures) = (0.25, 3, 1);

    private async Task StartAsync()
    {
        await _host.Install(Id, "1.0.0").StartAsync(Try);
        _host.Install(Id, "2.0.0");
        await _host.Catalog.ReloadAsync(Id, Token);
    }

    private async Task RestartAsync()
    {
        await _host.StopAsync();
        await _host.StartAsync(Try);
    }

    private PluginStatus Status() => _host.Catalog.GetStatus(Id);

    private async Task<string[]> CallAsync(int times, Func<string, bool?>? wentWell = null)
    {
        List<string> versions = [];
        for (int i = 0; i < times; i++)
        {
            using PluginLease<IVideoAnalyzer> lease = await _host.AcquireAsync("test-good");
            versions.Add(lease.PluginVersion);
            if ((wentWell ?? (_ => true))(lease.PluginVersion) is { } known)
            {
                lease.Report(known);
            }
        }

        return [.. versions];
    }
}

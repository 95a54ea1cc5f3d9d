using MedGen.Application.Plugins;
using MedGen.PluginHost.Trust;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Tests;

/// <summary>Versions whose calls do not end, or during whose calls the process died.</summary>
[Collection("plugins")]
public class QuarantineTests
{
    private const string Plugin = "test.good";
    private const string Task = "test-good";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Abandon_AsOftenAsIsAllowed_QuarantinesTheVersionUntilItIsEnabled()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install(Plugin, "1.0.0").StartAsync(options => options.AbandonedCallLimit = 2);
        await AbandonAsync(host);
        host.Catalog.GetStatus(Plugin).State.ShouldBe(PluginState.Active);
        host.Catalog.GetStatus(Plugin).Reason.ShouldBe("1 call did not end when told to.");

        await AbandonAsync(host);

        await ShouldBeQuarantinedAsync(host, "2 calls of version 1.0.0 did not end");
        await host.StopAsync();
        await host.StartAsync();
        await ShouldBeQuarantinedAsync(host, "2 calls of version 1.0.0 did not end");
        (await Should.ThrowAsync<FailedPreconditionException>(() => host.Catalog.ReloadAsync(Plugin, Token))).Message.ShouldContain("is quarantined");
        (await host.Catalog.EnableAsync(Plugin, Token)).State.ShouldBe(PluginState.Active);
        (await host.AnalyzeAsync(Task)).ShouldBe("v1");
    }

    [Fact]
    public async Task Reload_ToANewerVersionThanTheQuarantinedOne_Serves()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install(Plugin, "1.0.0").StartAsync(options => options.AbandonedCallLimit = 1);
        await AbandonAsync(host);

        host.Install(Plugin, "2.0.0");

        (await host.Catalog.ReloadAsync(Plugin, Token)).State.ShouldBe(PluginState.Active);
        (await host.AnalyzeAsync(Task)).ShouldBe("v2");
    }

    [Fact]
    public async Task Start_TheProcessDiedTwiceDuringACall_QuarantinesTheVersionAndNamesTheJob()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install(Plugin, "1.0.0").StartAsync();
        host.Journal.Begin(Plugin, "1.0.0", "job-1");

        await RestartAsync(host);
        host.Journal.SuspectJobs.ShouldBe(["job-1"]);
        host.Catalog.GetStatus(Plugin).State.ShouldBe(PluginState.Active);
        host.Journal.Begin(Plugin, "1.0.0", "job-1");

        await RestartAsync(host);
        await ShouldBeQuarantinedAsync(host, "The process died 2 times while this version was called.");
        await RestartAsync(host);
        await ShouldBeQuarantinedAsync(host, "The process died 2 times");
        host.Journal.SuspectJobs.ShouldBeEmpty();
        (await host.Catalog.EnableAsync(Plugin, Token)).State.ShouldBe(PluginState.Active);
    }

    [Fact]
    public async Task Start_ACallWentWellBetweenTwoDeaths_QuarantinesNobody()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install(Plugin, "1.0.0").StartAsync();
        host.Journal.Begin(Plugin, "1.0.0", null);
        await RestartAsync(host);
        host.Journal.Begin(Plugin, "1.0.0", null)(true);
        host.Journal.Begin(Plugin, "1.0.0", null);

        await RestartAsync(host);

        host.Catalog.GetStatus(Plugin).State.ShouldBe(PluginState.Active);
    }

    [Fact]
    public async Task Start_SeveralWereCalledAtEachDeath_QuarantinesNobodyUntilOneWasAlone()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install(Plugin, "1.0.0").StartAsync();
        for (int i = 0; i < 2; i++)
        {
            host.Journal.Begin(Plugin, "1.0.0", null);
            host.Journal.Begin("acme.other", "1.0.0", null);
            await RestartAsync(host);
        }

        host.Catalog.GetStatus(Plugin).State.ShouldBe(PluginState.Active);
        host.Journal.Begin(Plugin, "1.0.0", null);
        await RestartAsync(host);
        await ShouldBeQuarantinedAsync(host, "The process died 3 times");
    }

    [Fact]
    public async Task Start_TheProcessDiedDuringACallOfThePlatformsOwn_IsNotCounted()
    {
        await using PluginHostFixture host = new PluginHostFixture().Install(Plugin, "1.0.0");
        string own = TestPlugins.HashesOf(host.Root, Plugin, "1.0.0");
        for (int i = 0; i < 3; i++)
        {
            await host.StartAsync(options => OwnFiles.Read(new StringReader(own), options.OwnFiles));
            host.Journal.Begin(Plugin, "1.0.0", "job-1");
            await host.StopAsync();
        }

        await host.StartAsync();

        host.Catalog.GetStatus(Plugin).State.ShouldBe(PluginState.Active);
        host.Journal.SuspectJobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_TheProcessDiedDuringACallOfAStrangerWithAnIdOfThePlatform_IsCounted()
    {
        await using PluginHostFixture host = new PluginHostFixture().Install(Plugin, "1.0.0");
        for (int i = 0; i < 2; i++)
        {
            await host.StartAsync(options => options.OwnPlugins["analysis/test-good"] = Plugin);
            host.Journal.Begin(Plugin, "1.0.0", "job-1");
            await host.StopAsync();
        }

        await host.StartAsync();
        await ShouldBeQuarantinedAsync(host, "The process died 2 times");
    }

    private static async Task AbandonAsync(PluginHostFixture host)
    {
        using PluginLease<IVideoAnalyzer> lease = await host.AcquireAsync(Task);
        lease.Abandon(new TaskCompletionSource().Task);
    }

    private static async Task RestartAsync(PluginHostFixture host)
    {
        await host.StopAsync();
        await host.StartAsync();
    }

    private static async Task ShouldBeQuarantinedAsync(PluginHostFixture host, string reason)
    {
        PluginStatus status = host.Catalog.GetStatus(Plugin);
        status.State.ShouldBe(PluginState.Quarantined);
        status.Reason.ShouldNotBeNull().ShouldContain(reason);
        FailedPreconditionException error = await Should.ThrowAsync<FailedPreconditionException>(
            () => host.Catalog.AcquireAsync<IVideoAnalyzer>(MedGen.Sdk.Plugins.CapabilityKinds.Analysis, Task, Plugin, Token));
        error.Message.ShouldContain("'test.good' is quarantined.");
    }
}

using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Application.Plugins;

namespace MedGen.PluginHost.Tests;

// One collection, so one test at a time: the leak test counts the load contexts of the whole process.
[Collection("plugins")]
public class ReloadTests
{
    [Fact]
    public async Task Reload_UnderLoad_NoCallFailsAndNewCallsGetTheNewVersion()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.good", "1.0.0").StartAsync();
        using var stop = new CancellationTokenSource();
        int calls = 0;
        var started = new TaskCompletionSource();
        Task[] hammers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                (await host.AnalyzeAsync("test-good")).ShouldBeOneOf("v1", "v2");
                if (Interlocked.Increment(ref calls) == 200)
                {
                    started.SetResult();
                }
            }
        }))];
        await started.Task;
        host.Install("test.good", "2.0.0");

        PluginStatus status = await host.Catalog.ReloadAsync("test.good", TestContext.Current.CancellationToken);
        string label = await host.AnalyzeAsync("test-good");
        await stop.CancelAsync();
        await Task.WhenAll(hammers);

        label.ShouldBe("v2");
        status.Version.ShouldBe("2.0.0");
        status.Reason.ShouldBeNull();
    }

    [Fact]
    public async Task Reload_CallInFlight_OldVersionServesItToTheEnd()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.good", "1.0.0")
            .StartAsync(options => options.DrainLimit = TimeSpan.Zero);
        PluginLease<IVideoAnalyzer> lease = await host.AcquireAsync("test-good");
        host.Install("test.good", "2.0.0");

        PluginStatus status = await host.Catalog.ReloadAsync("test.good", TestContext.Current.CancellationToken);

        status.Reason.ShouldBe("Version 1.0.0 still serves 1 calls in flight.");
        (await TestPlugins.AnalyzeAsync(lease.Service)).ShouldBe("v1");
        (await host.AnalyzeAsync("test-good")).ShouldBe("v2");
        lease.Dispose();
        host.Catalog.GetStatus("test.good").CallsInFlight.ShouldBe(0);
    }

    [Fact]
    public async Task Reload_NewVersionIsBad_OldOneStaysAndTheCallerLearnsWhy()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.good", "1.0.0").StartAsync();
        TestPlugins.EditManifest(TestPlugins.Install(host.Root, "test.good", "2.0.0"), manifest => manifest["sdk"] = "[7.0,8.0)");

        FailedPreconditionException error = await Should.ThrowAsync<FailedPreconditionException>(
            () => host.Catalog.ReloadAsync("test.good", TestContext.Current.CancellationToken));

        error.Message.ShouldContain("works with SDK [7.0,8.0), this host offers SDK 0.9.0");
        host.Catalog.GetStatus("test.good").Reason!.ShouldContain("Version 2.0.0 is rejected");
        host.Catalog.GetStatus("test.good").Version.ShouldBe("1.0.0");
        (await host.AnalyzeAsync("test-good")).ShouldBe("v1");
    }

    [Fact]
    public Task Reload_FourTimes_NoContextStaysAlive() => NoContextStaysAliveAsync(times: 4);

    [Fact]
    [Long]
    public Task Reload_TwentyTimes_NoContextStaysAlive() => NoContextStaysAliveAsync(times: 20);

    private static async Task NoContextStaysAliveAsync(int times)
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.good", "1.0.0").StartAsync();

        for (int i = 0; i < times; i++)
        {
            (await host.AnalyzeAsync("test-good")).ShouldBe("v1");
            (await host.Catalog.ReloadAsync("test.good", TestContext.Current.CancellationToken)).Reason.ShouldBeNull();
        }

        await host.Catalog.DisableAsync("test.good", TestContext.Current.CancellationToken);
        AliveContexts("GoodV1").ShouldBe(0);
    }

    [Fact]
    public async Task Disable_LeakingPlugin_IsNamedAsALeak()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.leaking", "1.0.0").StartAsync();

        PluginStatus status = await host.Catalog.DisableAsync("test.leaking", TestContext.Current.CancellationToken);

        status.Reason!.ShouldContain("Version 1.0.0 leaks");
    }

    [Fact]
    public async Task Disable_ThenRestart_StaysOffUntilEnabled()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.good", "1.0.0").StartAsync();
        await host.Catalog.DisableAsync("test.good", TestContext.Current.CancellationToken);
        await host.StopAsync();

        await host.StartAsync();
        host.Catalog.GetStatus("test.good").State.ShouldBe(PluginState.Disabled);
        PluginStatus status = await host.Catalog.EnableAsync("test.good", TestContext.Current.CancellationToken);

        status.State.ShouldBe(PluginState.Active);
        (await host.AnalyzeAsync("test-good")).ShouldBe("v1");
        Directory.GetFiles(Path.GetDirectoryName(host.StateFile)!).ShouldBe([host.StateFile]);
    }

    [Fact]
    public async Task Start_BrokenStateFile_Throws()
    {
        await using var host = new PluginHostFixture();
        Directory.CreateDirectory(Path.GetDirectoryName(host.StateFile)!);
        await File.WriteAllTextAsync(host.StateFile, "{ \"disabled\": [", TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<InvalidDataException>(() => host.StartAsync())).Message.ShouldContain(host.StateFile);
    }

    private static int AliveContexts(string name) => System.Runtime.Loader.AssemblyLoadContext.All.Count(context => context.Name == name);
}

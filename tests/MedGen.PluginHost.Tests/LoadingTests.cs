using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;
using MedGen.Application.Plugins;
using TorchSharp;

namespace MedGen.PluginHost.Tests;

[Collection("plugins")]
public class LoadingTests
{
    [Fact]
    public async Task Start_TwoGoodVersions_TheHighestIsActive()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.good", "1.0.0").Install("test.good", "2.0.0").StartAsync();

        host.Catalog.GetStatus("test.good").State.ShouldBe(PluginState.Active);
        host.Catalog.GetStatus("test.good").Version.ShouldBe("2.0.0");
        (await host.AnalyzeAsync("test-good")).ShouldBe("v2");
    }

    [Fact]
    public async Task Start_PluginBuiltAgainstTheSdkAsItWas_StillServes()
    {
        await using PluginHostFixture host = new();
        string target = Directory.CreateDirectory(Path.Combine(host.Root, "example.hello-classifier", "1.0.0")).FullName;
        foreach (string file in Directory.GetFiles(RepositoryRoot.Path("tests", "fixtures", "sdk-baseline", "plugin")))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        await host.StartAsync();
        using PluginLease<IVideoAnalyzer> lease = await host.AcquireAsync("brightness");
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = new TestPlugins.NoFrames() }] };

        host.Catalog.GetStatus("example.hello-classifier").Settings!.Declared.Schema.ShouldBe(PluginSettings.None.Schema);
        (await lease.Service.AnalyzeAsync(request, TestContext.Current.CancellationToken).LastAsync(TestContext.Current.CancellationToken))
            .ShouldBeOfType<AnalysisCompleted>();
    }

    [Fact]
    public async Task Start_WithAPluginThatTakesItsTime_WaitsNoLongerThanItMayAndOthersServe()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.good", "1.0.0").Install("test.hanging", "1.0.0")
            .StartAsync(options =>
            {
                options.StartWait = TimeSpan.Zero;
                options.SelfTestLimit = TimeSpan.FromMinutes(10);
            });

        using (PluginLease<IVideoAnalyzer> lease = await host.Catalog.AcquireAsync<IVideoAnalyzer>(
            CapabilityKinds.Analysis, "test-good", "test.good", TestContext.Current.CancellationToken))
        {
            (await TestPlugins.AnalyzeAsync(lease.Service)).ShouldBe("v1");
        }

        host.Catalog.GetStatus("test.hanging").State.ShouldBeOneOf(PluginState.Discovered, PluginState.Checked, PluginState.Loaded);
        host.Logged.ShouldContain(line => line.Contains("still loading", StringComparison.Ordinal) && line.Contains("test.hanging", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_HighestVersionIsBad_TheNextOneServesAndTheReasonIsShown()
    {
        PluginHostFixture folder = new PluginHostFixture().Install("test.good", "1.0.0").Install("test.good", "2.0.0");
        File.Delete(Path.Combine(folder.Root, "test.good", "2.0.0", "GoodV2.dll"));
        await using PluginHostFixture host = await folder.StartAsync();

        PluginStatus status = host.Catalog.GetStatus("test.good");
        status.State.ShouldBe(PluginState.Active);
        status.Version.ShouldBe("1.0.0");
        status.Reason!.ShouldContain("Version 2.0.0 is rejected: The entry assembly GoodV2.dll is missing.");
    }

    [Fact]
    public async Task Start_PluginBringsAnotherVersionOfALibraryOfTheHost_EachHasItsOwn()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.conflicting", "1.0.0").StartAsync();

        Acme.Geometry.Shape.Describe().ShouldBe("geometry 1");
        (await host.AnalyzeAsync("test-conflicting")).ShouldBe("geometry 2");
    }

    [Fact]
    public async Task Start_TorchPlugin_SharesTheHostsTorchAndUnloads()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.torch", "1.0.0").StartAsync();

        (await host.AnalyzeAsync("test-torch")).ShouldBe($"6 {typeof(torch.Tensor).Assembly.GetHashCode()}");
        PluginStatus status = await host.Catalog.DisableAsync("test.torch", TestContext.Current.CancellationToken);
        status.State.ShouldBe(PluginState.Disabled);
        status.Reason.ShouldBe("An administrator turned it off.");
    }

    [Theory]
    [InlineData("test.newer-sdk", PluginState.Rejected, "built against MedGen.Sdk 9.0.0.0, this host shares the older MedGen.Sdk 0.9.0.0")]
    [InlineData("test.own-torch", PluginState.Rejected, "TorchSharp.dll must not come with a plugin")]
    [InlineData("test.throwing", PluginState.Malfunctioned, "InvalidOperationException: no licence found")]
    [InlineData("test.missing", PluginState.Malfunctioned, "declares analysis/1 'test-missing', but the plugin registers no such service")]
    [InlineData("test.hanging", PluginState.Malfunctioned, "The self-test did not finish within 1 s")]
    public async Task Start_BadPlugin_SaysWhyAndTheGoodOneServes(string id, PluginState state, string reason)
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install(id, "1.0.0").Install("test.good", "1.0.0")
            .StartAsync(options => options.SelfTestLimit = TimeSpan.FromSeconds(1));

        PluginStatus status = host.Catalog.GetStatus(id);
        status.State.ShouldBe(state);
        status.Reason!.ShouldContain(reason);
        (await host.AnalyzeAsync("test-good")).ShouldBe("v1");
        FailedPreconditionException error = await Should.ThrowAsync<FailedPreconditionException>(() => host.Catalog.AcquireAsync<object>(
            CapabilityKinds.Analysis, null, id, TestContext.Current.CancellationToken));
        error.Message.ShouldContain(reason);
    }

    [Fact]
    public async Task Start_FoldersUnreadableOrMissing_SaysWhyAndTheGoodOneServes()
    {
        PluginHostFixture folder = new PluginHostFixture().Install("test.good", "1.0.0");

        // Links in a circle cannot be read by anybody, an administrator included.
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "test.circle"), Path.Combine(folder.Root, "test.circle"));
        Directory.CreateDirectory(Path.Combine(folder.Root, "test.empty"));
        string file = Path.Combine(folder.Root, ".file");
        await File.WriteAllTextAsync(file, "in place of a folder", TestContext.Current.CancellationToken);
        await using PluginHostFixture host = await folder.StartAsync(options =>
        {
            options.Roots.Insert(0, Path.Combine(folder.Root, "not-there"));
            options.Roots.Insert(1, file);
        });

        host.Catalog.GetStatus("test.circle").State.ShouldBe(PluginState.Rejected);
        host.Catalog.GetStatus("test.circle").Reason!.ShouldContain("cannot be read");

        // Callers read the reason, and where the host keeps its files is not their business.
        host.Catalog.GetStatus("test.circle").Reason!.ShouldNotContain(Path.GetDirectoryName(folder.Root)!);
        (await Should.ThrowAsync<FailedPreconditionException>(() => host.Catalog.ReloadAsync("test.circle", TestContext.Current.CancellationToken)))
            .Message.ShouldNotContain(Path.GetDirectoryName(folder.Root)!);
        host.Catalog.GetStatus("test.empty").Reason!.ShouldContain("holds no version folder");
        (await host.AnalyzeAsync("test-good")).ShouldBe("v1");
    }

    [Fact]
    public async Task Acquire_UnknownPluginOrTask_Throws()
    {
        await using PluginHostFixture host = await new PluginHostFixture().Install("test.good", "1.0.0").StartAsync();

        await Should.ThrowAsync<ResourceNotFoundException>(() => host.Catalog.AcquireAsync<object>(
            CapabilityKinds.Analysis, null, "no.such", TestContext.Current.CancellationToken));
        (await Should.ThrowAsync<FailedPreconditionException>(() => host.AcquireAsync("phase"))).Message
            .ShouldBe("No active plugin offers analysis/1 'phase'; offered are analysis/1 'test-good'.");
    }
}

using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;
using MedGen.Application.Plugins;

namespace MedGen.PluginHost.Tests;

/// <summary>Which plugin serves when a request names none.</summary>
[Collection("plugins")]
public class ProviderTests
{
    private const string Good = "test-good";
    private const string Name = "analysis/test-good";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_AVendorsPluginSortsFirst_ThePlatformsOwnServesUntilAnotherIsChosen()
    {
        await using PluginHostFixture host = await Folder("acme.good", "test.good").StartAsync(OwnIsTestGood);

        (await ServingAsync(host)).ShouldBe("test.good");
        DefaultOf(host).ShouldBe(["test.good"]);

        await host.Catalog.UseAsync("analysis", Good, "acme.good", Token);
        (await ServingAsync(host)).ShouldBe("acme.good");
        DefaultOf(host).ShouldBe(["acme.good"]);
        (await ServingAsync(host, "test.good")).ShouldBe("test.good");

        await host.StopAsync();
        await host.StartAsync(OwnIsTestGood);
        (await ServingAsync(host)).ShouldBe("acme.good");

        await host.Catalog.UseAsync("analysis", Good, null, Token);
        (await ServingAsync(host)).ShouldBe("test.good");
    }

    [Fact]
    public async Task Acquire_ThePlatformsOwnIsOff_IsRefusedByNameAndNoOtherTakesItsPlace()
    {
        await using PluginHostFixture host = await Folder("acme.good", "test.good").StartAsync(OwnIsTestGood);
        await host.Catalog.DisableAsync("test.good", Token);

        FailedPreconditionException error = await RefusedAsync(host);

        error.Reason.ShouldBe("PLUGIN_NOT_ACTIVE");
        error.Message.ShouldContain("'test.good' is disabled");
        error.Message.ShouldContain("medgen plugins use analysis/test-good ID");
        await host.Catalog.UseAsync("analysis", Good, "acme.good", Token);
        (await ServingAsync(host)).ShouldBe("acme.good");
    }

    [Fact]
    public async Task Acquire_TheChosenOneIsOffOrGone_IsRefusedByNameAndShown()
    {
        PluginHostFixture folder = Folder("acme.good", "test.good");
        await using PluginHostFixture host = await folder.StartAsync(OwnIsTestGood);
        await host.Catalog.UseAsync("analysis", Good, "acme.good", Token);
        await host.Catalog.DisableAsync("acme.good", Token);

        FailedPreconditionException off = await RefusedAsync(host);
        off.Message.ShouldContain("'acme.good' is disabled");
        off.Message.ShouldContain("was chosen for analysis/test-good");

        await host.StopAsync();
        Directory.Delete(Path.Combine(folder.Root, "acme.good"), recursive: true);
        await host.StartAsync(OwnIsTestGood);

        FailedPreconditionException gone = await RefusedAsync(host);
        gone.Reason.ShouldBe("PLUGIN_NOT_ACTIVE");
        gone.Message.ShouldContain("'acme.good'");
        PluginStatus absent = host.Catalog.List().Single(plugin => plugin.Id == "acme.good");
        absent.Reason!.ShouldContain("not installed");
        absent.DefaultFor.ShouldBe([Name]);
        (await ServingAsync(host, "test.good")).ShouldBe("test.good");
    }

    [Fact]
    public async Task Acquire_SeveralAndNoneOfThePlatform_IsRefusedWithTheCandidates()
    {
        await using PluginHostFixture host = await Folder("acme.good", "test.good").StartAsync();

        FailedPreconditionException error = await RefusedAsync(host);

        error.Reason.ShouldBe("PLUGIN_AMBIGUOUS");
        error.Message.ShouldContain("acme.good, test.good");
        error.Message.ShouldContain("medgen plugins use analysis/test-good ID");
        DefaultOf(host).ShouldBeEmpty();
        await host.Catalog.UseAsync("analysis", Good, "test.good", Token);
        (await ServingAsync(host)).ShouldBe("test.good");
    }

    [Fact]
    public async Task Acquire_OneAndNoneOfThePlatform_Serves()
    {
        await using PluginHostFixture host = await Folder("acme.good").StartAsync(OwnIsTestGood);

        (await ServingAsync(host)).ShouldBe("acme.good");
        DefaultOf(host).ShouldBe(["acme.good"]);
    }

    [Fact]
    public async Task Use_WhatCannotServe_IsRefusedAndNothingIsChosen()
    {
        await using PluginHostFixture host = await Folder("acme.good", "test.good").StartAsync(OwnIsTestGood);
        await host.Catalog.DisableAsync("acme.good", Token);

        await Should.ThrowAsync<ResourceNotFoundException>(() => host.Catalog.UseAsync("analysis", Good, "acme.missing", Token));
        (await Should.ThrowAsync<FailedPreconditionException>(() => host.Catalog.UseAsync("analysis", Good, "acme.good", Token))).Reason.ShouldBe("PLUGIN_NOT_ACTIVE");
        (await Should.ThrowAsync<FailedPreconditionException>(() => host.Catalog.UseAsync("generation", null, "test.good", Token))).Message.ShouldContain("does not offer generation/1");

        (await ServingAsync(host)).ShouldBe("test.good");
    }

    [Fact]
    public async Task Start_StateFileFromBeforeThereWasAChoice_IsRead()
    {
        PluginHostFixture folder = Folder("acme.good", "test.good");
        Directory.CreateDirectory(Path.GetDirectoryName(folder.StateFile)!);
        await File.WriteAllTextAsync(folder.StateFile, """{ "disabled": ["acme.good"] }""", Token);
        await using PluginHostFixture host = await folder.StartAsync();

        host.Catalog.GetStatus("acme.good").State.ShouldBe(PluginState.Disabled);
        (await ServingAsync(host)).ShouldBe("test.good");
    }

    [Fact]
    public async Task Start_ChoicesByTheNamesOfVersion010_StillCount()
    {
        PluginHostFixture folder = Folder("acme.good", "test.good");
        Directory.CreateDirectory(Path.GetDirectoryName(folder.StateFile)!);
        await File.WriteAllTextAsync(
            folder.StateFile, """{ "disabled": [], "chosen": { "test-good": "acme.good", "videoGenerator": "acme.gone" } }""", Token);
        await using PluginHostFixture host = await folder.StartAsync(OwnIsTestGood);

        (await ServingAsync(host)).ShouldBe("acme.good");
        host.Catalog.List().Single(plugin => plugin.Id == "acme.gone").DefaultFor.ShouldBe(["generation"]);
    }

    [Theory]
    [InlineData("robot", null, "capability")]
    [InlineData("analysis", null, "task")]
    [InlineData("generation", "x", "task")]
    public async Task Use_OfNoCapability_NamesTheField(string capability, string? task, string field)
    {
        await using PluginHostFixture host = await Folder("test.good").StartAsync();

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => host.Catalog.UseAsync(capability, task, "test.good", Token));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
    }

    private static void OwnIsTestGood(PluginHostOptions options) => options.OwnPlugins[Name] = "test.good";

    private static PluginHostFixture Folder(params string[] ids)
    {
        PluginHostFixture folder = new();
        foreach (string id in ids)
        {
            folder.Install("test.good", "1.0.0");
            if (id != "test.good")
            {
                Directory.Move(Path.Combine(folder.Root, "test.good"), Path.Combine(folder.Root, id));
                TestPlugins.EditManifest(Path.Combine(folder.Root, id, "1.0.0"), manifest => manifest["id"] = id);
            }
        }

        return folder;
    }

    private static async Task<string> ServingAsync(PluginHostFixture host, string? pluginId = null)
    {
        using PluginLease<IVideoAnalyzer> lease = await host.Catalog.AcquireAsync<IVideoAnalyzer>(CapabilityKinds.Analysis, Good, pluginId, Token);
        return lease.PluginId;
    }

    private static async Task<FailedPreconditionException> RefusedAsync(PluginHostFixture host) => await Should.ThrowAsync<FailedPreconditionException>(() => host.AcquireAsync(Good));

    private static IEnumerable<string> DefaultOf(PluginHostFixture host) => host.Catalog.List().Where(plugin => plugin.DefaultFor.Contains(Name)).Select(plugin => plugin.Id);
}

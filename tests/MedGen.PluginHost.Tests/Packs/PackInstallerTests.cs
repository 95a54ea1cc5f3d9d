using MedGen.PluginHost.Packs;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Tests.Packs;

/// <summary>A plugin folder holds all of a pack or nothing of it.</summary>
public sealed class PackInstallerTests : IDisposable
{
    private readonly PackWorkshop _desk = new();

    private string Root => _desk.At("plugins");

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Install_OfASignedPack_HoldsExactlyWhatWasPacked()
    {
        (string folder, bool wasInstalled) = Install(_desk.Pack());

        (folder, wasInstalled).ShouldBe((Path.Combine(Root, "test.good", "1.0.0"), false));
        PackedFolder.Verify(folder)!.KeyId.ShouldBe(_desk.KeyId);
        Names().ShouldBe(["GoodV1.deps.json", "GoodV1.dll", "pack.json", "pack.sig", "plugin.json"]);
        foreach (string file in Directory.GetFiles(TestPlugins.Built("test.good", "1.0.0")))
        {
            File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(file))).ShouldBe(File.ReadAllBytes(file));
        }
    }

    [Fact]
    public void Install_Again_ChangesNothingButTakesANewSignature()
    {
        string pack = _desk.Pack(sign: false);
        string folder = Install(pack).Folder;
        PackWriter.Sign(pack, _desk.Key, PackWorkshop.Token);

        Install(pack).WasInstalled.ShouldBeTrue();
        Install(pack).WasInstalled.ShouldBeTrue();

        PackedFolder.Verify(folder)!.KeyId.ShouldBe(_desk.KeyId);
        Visible(Root).ShouldBe(["test.good"]);
    }

    [Fact]
    public void Install_OfTheSameVersionWithAnotherContent_IsRefused()
    {
        Install(_desk.Pack());
        string other = PackWorkshop.AddFile(_desk.Pack(sign: false), "weights/a.bin", [1]);

        Should.Throw<FailedPreconditionException>(() => Install(other)).Reason.ShouldBe("PLUGIN_VERSION_TAKEN");

        Names().ShouldNotContain("weights/a.bin");
    }

    [Fact]
    public void Install_OfAVersionWithTheSameWeights_KeepsThemOnce()
    {
        string first = Install(_desk.PackWithWeights("1.0.0", [1, 2, 3])).Folder;
        string second = Install(_desk.PackWithWeights("2.0.0", [1, 2, 3])).Folder;

        // One file under two names: what is written under one is read under the other.
        PackedFolder.Verify(second).ShouldNotBeNull();
        File.AppendAllText(Path.Combine(first, "weights", "w.bin"), "x");
        File.ReadAllBytes(Path.Combine(second, "weights", "w.bin")).Length.ShouldBe(4);
        Should.Throw<InvalidInputException>(() => PackedFolder.Verify(second)).Message.ShouldStartWith("weights/w.bin: was changed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Install_OfAVersionWithOtherWeights_HasItsOwn(bool spoilt)
    {
        string first = Install(_desk.PackWithWeights("1.0.0", [1, 2, 3])).Folder;
        if (spoilt)
        {
            File.WriteAllBytes(Path.Combine(first, "weights", "w.bin"), [3, 2, 1]);
        }

        string second = Install(_desk.PackWithWeights("2.0.0", spoilt ? [1, 2, 3] : [1, 2, 4])).Folder;

        File.AppendAllText(Path.Combine(first, "weights", "w.bin"), "x");
        File.ReadAllBytes(Path.Combine(second, "weights", "w.bin")).Length.ShouldBe(3);
        PackedFolder.Verify(second).ShouldNotBeNull();
    }

    [Fact]
    public void Pack_OfWeightsThatAreNotAsDeclared_IsRefusedByName() =>
        Should.Throw<InvalidInputException>(() => _desk.PackWithWeights("1.0.0", [1, 2, 3], weights => weights["bytes"] = 4)).Message
            .ShouldBe("weights/w.bin: is not in the pack as plugin.json declares it.");

    [Fact]
    public void Install_OfAPackWhoseWeightsAreNotAsDeclared_IsRefusedByName()
    {
        string pack = PackWorkshop.EditFile(
            _desk.PackWithWeights("1.0.0", [1, 2, 3]), "plugin.json", text => text.Replace("\"bytes\":3", "\"bytes\":4", StringComparison.Ordinal));

        Should.Throw<InvalidInputException>(() => Install(pack)).Message
            .ShouldBe("weights/w.bin: is not in the pack as plugin.json declares it.");
        Directory.Exists(Path.Combine(Root, "test.good")).ShouldBeFalse();
    }

    [Fact]
    public void Install_OverAFolderThatWasChanged_NamesTheFile()
    {
        string pack = _desk.Pack();
        File.AppendAllText(Path.Combine(Install(pack).Folder, "GoodV1.dll"), "x");

        Should.Throw<InvalidInputException>(() => Install(pack)).Message.ShouldStartWith("GoodV1.dll: was changed");
    }

    [Fact]
    public void Install_OverAFolderThatWasCopied_IsRefused()
    {
        TestPlugins.Install(Root, "test.good", "1.0.0");

        Should.Throw<FailedPreconditionException>(() => Install(_desk.Pack())).Reason.ShouldBe("PLUGIN_VERSION_TAKEN");
    }

    [Fact]
    public void Install_OfALowerVersion_IsRefusedUntilItIsAskedFor()
    {
        Install(_desk.Pack("2.0.0"));

        Should.Throw<FailedPreconditionException>(() => Install(_desk.Pack())).Reason.ShouldBe("PLUGIN_DOWNGRADE");
        Visible(Path.Combine(Root, "test.good")).ShouldBe(["2.0.0"]);
        Install(_desk.Pack(), allowDowngrade: true);

        Visible(Path.Combine(Root, "test.good")).ShouldBe(["1.0.0"]);
    }

    [Fact]
    public void Install_OfALowerVersionThatIsThereToo_IsRefusedUntilItIsAskedFor()
    {
        string lower = _desk.Pack();
        Install(lower);
        Install(_desk.Pack("2.0.0"));

        Should.Throw<FailedPreconditionException>(() => Install(lower)).Reason.ShouldBe("PLUGIN_DOWNGRADE");
        Visible(Path.Combine(Root, "test.good")).ShouldBe(["1.0.0", "2.0.0"]);
        Install(lower, allowDowngrade: true).WasInstalled.ShouldBeFalse();

        Visible(Path.Combine(Root, "test.good")).ShouldBe(["1.0.0"]);
    }

    [Fact]
    public void Install_OfALowerVersionThatWasChanged_KeepsTheHigherOne()
    {
        string lower = _desk.Pack();
        File.AppendAllText(Path.Combine(Install(lower).Folder, "GoodV1.dll"), "x");
        Install(_desk.Pack("2.0.0"));

        Should.Throw<InvalidInputException>(() => Install(lower, allowDowngrade: true));

        Visible(Path.Combine(Root, "test.good")).ShouldBe(["1.0.0", "2.0.0"]);
    }

    [Fact]
    public void Install_OfAHigherVersion_KeepsTheLowerOne()
    {
        Install(_desk.Pack());
        Install(_desk.Pack("2.0.0"));

        Visible(Path.Combine(Root, "test.good")).ShouldBe(["1.0.0", "2.0.0"]);
    }

    [Fact]
    public void Install_OfAPackWhoseContentWasChanged_LeavesNothing()
    {
        string pack = PackWorkshop.Rebuild(_desk.Pack(), parts => parts.Single(part => part.Name == "GoodV1.dll").Content[200] ^= 1);

        Should.Throw<InvalidInputException>(() => Install(pack));

        Directory.GetDirectories(Root).ShouldBeEmpty();
    }

    [Fact]
    public void Install_AfterOneThatWasKilled_RemovesWhatItLeft()
    {
        Directory.CreateDirectory(Path.Combine(Root, ".installing-0", "1.0.0"));
        File.WriteAllText(Path.Combine(Root, ".installing-0", "1.0.0", "half"), "");

        Install(_desk.Pack());

        Directory.GetDirectories(Root).ShouldBe([Path.Combine(Root, "test.good")]);
    }

    [Fact]
    public void Install_ForAnotherSdk_IsRefused()
    {
        string folder = TestPlugins.Install(_desk.At("build"), "test.good", "1.0.0");
        TestPlugins.EditManifest(folder, manifest => manifest["sdk"] = "[7.0,8.0)");
        PackWriter.Pack(folder, _desk.At("other.mgpack"), PackWorkshop.Token);

        Should.Throw<FailedPreconditionException>(() => Install(_desk.At("other.mgpack"))).Message.ShouldContain("works with SDK [7.0,8.0); this host offers");
    }

    [Fact]
    public void Install_WhileAnotherOneRuns_IsRefused()
    {
        Install(_desk.Pack());
        using FileStream other = new(Path.Combine(Root, ".medgen-install"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Should.Throw<FailedPreconditionException>(() => Install(_desk.Pack("2.0.0"))).Reason.ShouldBe("PLUGIN_FOLDER_BUSY");
    }

    [Fact]
    public void Uninstall_OfAVersionAndOfAll_RemovesThem()
    {
        Install(_desk.Pack());
        Install(_desk.Pack("2.0.0"));
        PackInstaller installer = new(Root);

        installer.Uninstall("test.good", "2.0.0");
        Visible(Path.Combine(Root, "test.good")).ShouldBe(["1.0.0"]);
        installer.Uninstall("test.good", "1.0.0");
        Visible(Root).ShouldBeEmpty();
        Install(_desk.Pack());
        installer.Uninstall("test.good", null);
        Visible(Root).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("test.good", null)]
    [InlineData("test.good", "1.0.0")]
    public void Uninstall_OfWhatIsNotThere_IsNotFound(string id, string? version) =>
        Should.Throw<ResourceNotFoundException>(() => new PackInstaller(_desk.At()).Uninstall(id, version));

    [Theory]
    [InlineData("../x", null)]
    [InlineData("test.good", "..")]
    [InlineData("", null)]
    public void Uninstall_OfAPath_IsRefused(string id, string? version) =>
        Should.Throw<InvalidInputException>(() => new PackInstaller(_desk.At()).Uninstall(id, version));

    private static string[] Visible(string folder) =>
        [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private string[] Names() =>
        [.. Directory.GetFiles(Path.Combine(Root, "test.good", "1.0.0")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private (string Folder, bool WasInstalled) Install(string file, bool allowDowngrade = false)
    {
        using PackReader pack = PackReader.Open(file);
        return new PackInstaller(Root).Install(pack, allowDowngrade, PackWorkshop.Token);
    }
}

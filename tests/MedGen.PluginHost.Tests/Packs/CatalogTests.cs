using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedGen.PluginHost.Packs;
using MedGen.PluginHost.Packs.Catalogs;
using MedGen.PluginHost.Trust;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Tests.Packs;

public sealed class CatalogTests : IDisposable
{
    private readonly PackWorkshop _desk = new();

    private string Folder => _desk.At("catalog");

    private string CatalogFile => Path.Combine(Folder, "catalog.jsonl");

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task Add_SeveralPacks_AreListedInOrderFoundAndFetched()
    {
        Add(_desk.Pack("2.0.0"));
        Add(_desk.Pack("1.0.0"));
        using CatalogSource source = new(Folder, null);

        PackCatalog catalog = await source.ReadAsync(Trust(), PackWorkshop.Token);
        CatalogEntry highest = catalog.Find("test.good", null);
        await source.FetchAsync(highest, _desk.At("fetched"), PackWorkshop.Token);

        catalog.Packs.Select(pack => (pack.Version, pack.Publisher, pack.Licence, pack.IntendedUse))
            .ShouldBe([("1.0.0", "Tests", "MIT", "Tests only."), ("2.0.0", "Tests", "MIT", "Tests only.")]);
        highest.Version.ShouldBe("2.0.0");
        catalog.Find("test.good", "1.0.0").Version.ShouldBe("1.0.0");
        Should.Throw<ResourceNotFoundException>(() => catalog.Find("test.good", "3.0.0"));
        Should.Throw<ResourceNotFoundException>(() => catalog.Find("test.other", null));
        using PackReader fetched = PackReader.Open(_desk.At("fetched"));
        fetched.Signed.Index.Version.ShouldBe("2.0.0");
        Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
            .ShouldBe([".lock", "catalog.jsonl", "test.good-1.0.0.mgpack", "test.good-2.0.0.mgpack"]);
    }

    [Fact]
    public void Add_WhileSomebodyElseAdds_IsRefused()
    {
        string pack = _desk.Pack("1.0.0");
        Directory.CreateDirectory(Folder);
        using (new FileStream(Path.Combine(Folder, ".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            Should.Throw<FailedPreconditionException>(() => Add(pack)).Reason.ShouldBe("CATALOG_BUSY");
        }

        Add(pack);
        File.Exists(CatalogFile).ShouldBeTrue();
    }

    [Fact]
    public void Find_OfAPackForAnotherSdk_TakesTheHighestThatFits()
    {
        string folder = TestPlugins.Install(_desk.At("build"), "test.good", "2.0.0");
        TestPlugins.EditManifest(folder, manifest => manifest["sdk"] = "[7.0,8.0)");
        PackWriter.Pack(folder, _desk.At("new.mgpack"), PackWorkshop.Token);
        PackWriter.Sign(_desk.At("new.mgpack"), _desk.Key, PackWorkshop.Token);
        Add(_desk.Pack("1.0.0"));
        Add(_desk.At("new.mgpack"));

        PackCatalog catalog = PackCatalog.Parse(File.ReadAllBytes(CatalogFile)).Catalog;

        catalog.Find("test.good", null).Version.ShouldBe("1.0.0");
        catalog.Find("test.good", "2.0.0").Sdk.ShouldBe("[7.0,8.0)");
    }

    [Fact]
    public void Add_OfTheSameVersion_RenewsItsEntryAndRefusesAnotherContent()
    {
        string pack = _desk.Pack();
        Add(pack);
        Add(pack, licence: "Apache-2.0");

        PackCatalog.Parse(File.ReadAllBytes(CatalogFile)).Catalog.Packs.ShouldHaveSingleItem().Licence.ShouldBe("Apache-2.0");
        PackWriter.Sign(pack, _desk.Key, PackWorkshop.Token);
        Should.Throw<FailedPreconditionException>(() => Add(pack)).Reason.ShouldBe("PACK_VERSION_TAKEN");
    }

    [Fact]
    public void Add_OfAnUnsignedPackOrByAnotherKeyOrWithABadText_IsRefused()
    {
        Should.Throw<FailedPreconditionException>(() => Add(_desk.Pack(sign: false))).Reason.ShouldBe("PACK_NOT_SIGNED");
        Should.Throw<InvalidInputException>(() => Add(_desk.Pack(), licence: "MIT\u202e")).Message.ShouldContain("no control or hidden ones");
        Should.Throw<InvalidInputException>(() => Add(_desk.Pack(), licence: "MIT\u001b[2J")).Message.ShouldContain("no control or hidden ones");
        File.Exists(CatalogFile).ShouldBeFalse();
        Add(_desk.Pack());
        byte[] before = File.ReadAllBytes(CatalogFile);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Should.Throw<FailedPreconditionException>(() => Add(_desk.Pack("2.0.0"), key: other)).Reason.ShouldBe("CATALOG_KEY");

        File.ReadAllBytes(CatalogFile).ShouldBe(before);
    }

    [Theory]
    [InlineData("https://", null, "catalog: got 'https://'; allowed: ")]
    [InlineData("https:///x", null, "catalog: got 'https:///x'; allowed: ")]
    [InlineData("http://host", null, "catalog: got 'http://host'; allowed: ")]
    [InlineData("folder", "ca.pem", "ca: got 'ca.pem' for the folder folder; allowed: with an https catalogue only.")]
    public void Source_ThatCannotBeAsked_IsRefused(string place, string? authority, string fault) =>
        Should.Throw<InvalidInputException>(() => new CatalogSource(place, authority).Dispose()).Message.ShouldStartWith(fault);

    [Theory]
    [InlineData("changed", "catalog.jsonl: is no valid signature")]
    [InlineData("cut", "catalog.jsonl: is no catalogue")]
    [InlineData("unsigned", "catalog.jsonl: is no catalogue")]
    [InlineData("more", "catalog.jsonl: ")]
    [InlineData("huge", "catalog.jsonl: has more than 8388608 bytes.")]
    [InlineData("kind", "catalog.jsonl: kind: got 'medgen-pack/1'; allowed: medgen-catalog/1.")]
    [InlineData("twice", "catalog.jsonl: packs[1]: is not in its place")]
    [InlineData("path", "catalog.jsonl: packs[0]: has no id and version of a plugin.")]
    [InlineData("null", "catalog.jsonl: is not what it should be: it holds a null.")]
    [InlineData("hash", "catalog.jsonl: packs[0]: has no SDK range, length or SHA-256.")]
    public async Task Read_OfAChangedCatalogue_IsRefused(string how, string fault)
    {
        Add(_desk.Pack());
        byte[] content = File.ReadAllBytes(CatalogFile);
        int end = content.AsSpan().IndexOf((byte)'\n');
        File.WriteAllBytes(CatalogFile, how switch
        {
            "changed" => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("MIT", "XXX", StringComparison.Ordinal)),
            "cut" => content[..^1],
            "unsigned" => content[..(end + 1)],
            "more" => [.. content, .. "{}\n"u8],
            "huge" => new byte[9_000_000],
            "kind" => Resigned(content[..end], list => list["kind"] = "medgen-pack/1"),
            "twice" => Resigned(content[..end], list => list["packs"]!.AsArray().Add(list["packs"]![0]!.DeepClone())),
            "path" => Resigned(content[..end], list => list["packs"]![0]!["id"] = "../../x"),
            "null" => Resigned(content[..end], list => list["packs"]!.AsArray().Add(null)),
            _ => Resigned(content[..end], list => list["packs"]![0]!["sha256"] = "0"),
        });
        using CatalogSource source = new(Folder, null);

        (await Should.ThrowAsync<InvalidInputException>(() => source.ReadAsync(Trust(), PackWorkshop.Token))).Message.ShouldStartWith(fault);
    }

    [Fact]
    public async Task Read_OfACatalogueThatNobodyTrustedHasSigned_IsRefused()
    {
        Add(_desk.Pack());
        using CatalogSource source = new(Folder, null);

        foreach (string trust in new[] { _desk.Trust(), _desk.Trust($", \"catalogs\": [{{\"name\": \"C\", \"key_files\": [\"key.pem\"]}}], \"revoked_keys\": [\"{_desk.KeyId}\"]") })
        {
            (await Should.ThrowAsync<FailedPreconditionException>(() => source.ReadAsync(TrustStore.Load(trust), PackWorkshop.Token)))
                .Reason.ShouldBe("CATALOG_NOT_TRUSTED");
        }
    }

    [Fact]
    public async Task Fetch_OfAnotherPackThanTheOneListed_IsRefused()
    {
        CatalogEntry entry = Add(_desk.Pack());
        string file = Path.Combine(Folder, "test.good-1.0.0.mgpack");
        using CatalogSource source = new(Folder, null);

        File.AppendAllText(file, "x");
        (await FetchAsync()).ShouldStartWith("test.good-1.0.0.mgpack: has more than ");
        byte[] content = File.ReadAllBytes(file)[..^1];
        content[100] ^= 1;
        File.WriteAllBytes(file, content);
        (await FetchAsync()).ShouldStartWith("test.good-1.0.0.mgpack: has SHA-256 ");
        File.Copy(_desk.Pack("2.0.0"), file, overwrite: true);
        entry = entry with { Length = new FileInfo(file).Length, Sha256 = PackedFolder.HashOf(file) };
        (await FetchAsync()).ShouldBe("test.good-1.0.0.mgpack: holds test.good 2.0.0.");

        async Task<string> FetchAsync() => (await Should.ThrowAsync<InvalidInputException>(() =>
            source.FetchAsync(entry, _desk.At(Guid.NewGuid().ToString()), PackWorkshop.Token))).Message;
    }

    [Fact]
    public async Task Source_ThatIsNotThereOrNoSafeAddress_SaysSo()
    {
        using CatalogSource nowhere = new(_desk.At("nowhere"), null);
        await Should.ThrowAsync<UnavailableException>(() => nowhere.ReadAsync(Trust(), PackWorkshop.Token));
        Should.Throw<InvalidInputException>(() => new CatalogSource("http://plugins.example/", null)).Message.ShouldContain("https://");
    }

    private TrustStore Trust() => TrustStore.Load(_desk.Trust(", \"catalogs\": [{\"name\": \"C\", \"key_files\": [\"key.pem\"]}]"));

    private CatalogEntry Add(string pack, string licence = "MIT", ECDsa? key = null) =>
        CatalogFolder.Add(Folder, pack, licence, "Tests only.", key ?? _desk.Key, PackWorkshop.Token);

    private byte[] Resigned(byte[] list, Action<JsonObject> edit)
    {
        JsonObject changed = JsonNode.Parse(list)!.AsObject();
        edit(changed);
        byte[] text = Encoding.UTF8.GetBytes(changed.ToJsonString(new JsonSerializerOptions()));
        return [.. text, (byte)'\n', .. CanonicalJson.Write(PackSignature.Of(text, _desk.Key)), (byte)'\n'];
    }
}

using System.Security.Cryptography;
using System.Text;
using MedGen.PluginHost.Packs;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Tests.Packs;

/// <summary>Packs of strangers: whatever is not exactly as its index says is refused by name.</summary>
public sealed class PackReaderTests : IDisposable
{
    private readonly PackWorkshop _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Verify_OfASignedPack_Passes()
    {
        using PackReader reader = PackReader.Open(_desk.Pack());

        reader.Verify(PackWorkshop.Token);

        reader.Signed.KeyId.ShouldBe(_desk.KeyId);
        reader.Signed.Index.Files.Select(file => file.Path).ShouldBe(["GoodV1.deps.json", "GoodV1.dll", "plugin.json"]);
    }

    [Fact]
    public void Pack_OfTheSameFolder_HasTheSameBytes() => File.ReadAllBytes(_desk.Pack(sign: false)).ShouldBe(File.ReadAllBytes(_desk.Pack(sign: false)));

    [Fact]
    public void Verify_FileChanged_NamesIt()
    {
        string pack = PackWorkshop.Rebuild(_desk.Pack(), parts => parts.Single(part => part.Name == "GoodV1.dll").Content[200] ^= 1);

        Faults(pack).ShouldHaveSingleItem().ShouldStartWith("GoodV1.dll: was changed: it has SHA-256 ");
    }

    [Fact]
    public void Verify_FileAddedAndFileMissing_NamesBoth()
    {
        string pack = PackWorkshop.Rebuild(_desk.Pack(), parts =>
        {
            parts.RemoveAll(part => part.Name == "GoodV1.dll");
            parts.Add(new PackWorkshop.Part("Evil.dll", [1]));
        });

        Faults(pack).ShouldBe(["Evil.dll: was added: pack.json does not list it.", "GoodV1.dll: is missing: pack.json lists it."]);
    }

    [Theory]
    [InlineData("pack.json", "pack.json: is missing.")]
    [InlineData("plugin.json", "plugin.json: is missing: pack.json lists it.")]
    public void Verify_PartMissing_NamesIt(string name, string fault) =>
        Faults(PackWorkshop.Rebuild(_desk.Pack(), parts => parts.RemoveAll(part => part.Name == name))).ShouldBe([fault]);

    [Fact]
    public void Verify_IndexChangedAfterItWasSigned_IsNoValidSignature()
    {
        string pack = PackWorkshop.EditIndex(_desk.Pack(), index => index["publisher"] = "Somebody");

        Faults(pack).ShouldBe(["pack.sig: is no valid signature: it is not that of its key over the index."]);
    }

    [Fact]
    public void Verify_SignatureOfAnotherPack_IsNoValidSignature()
    {
        byte[] other = [];
        PackWorkshop.Rebuild(_desk.Pack("2.0.0"), parts => other = parts[1].Content);

        Faults(PackWorkshop.Rebuild(_desk.Pack(), parts => parts[1] = parts[1] with { Content = other }))
            .ShouldBe(["pack.sig: is no valid signature: it is not that of its key over the index."]);
    }

    [Theory]
    [InlineData("ES256", "RS256", "algorithm: got 'RS256'; allowed: ES256.")]
    [InlineData("\"key\":\"", "\"key\":\"!", "is no valid signature: The input is not a valid Base-64 string")]
    [InlineData("\"key\":\"M", "\"key\":\"N", "the key cannot be used: ")]
    public void Verify_SignatureDamaged_IsRefused(string text, string with, string fault) =>
        Faults(PackWorkshop.Rebuild(_desk.Pack(), parts => Replace(parts, 1, text, with))).ShouldHaveSingleItem().ShouldStartWith($"pack.sig: {fault}");

    [Theory]
    [InlineData("{\"kind\"", "{ \"kind\"", "is not in the form in which it is made")]
    [InlineData("\"id\":", "\"x\":1,\"id\":", "is not what it should be")]
    [InlineData("\"id\":", "\"id\":\"a\",\"id\":", "is not what it should be")]
    [InlineData("\"files\":[", "\"files\":[null,", "is not what it should be: it holds a null.")]
    [InlineData("\"sdk\":\"[0.9,1.0)\",", "", "is not what it should be")]
    [InlineData("medgen-pack/1", "medgen-catalog/1", "kind: got 'medgen-catalog/1'; allowed: medgen-pack/1.")]
    [InlineData("\"test.good\"", "\"../test\"", "id, version: these are no id and version of a plugin.")]
    [InlineData("\"1.0.0\"", "\"1.0\"", "id, version: these are no id and version of a plugin.")]
    [InlineData("plugin.json", "plugin.jsoo", "files: got 3; allowed: 1 to 10000, plugin.json among them.")]
    public void Verify_IndexThatBreaksTheRules_IsRefused(string text, string with, string fault) =>
        Faults(PackWorkshop.Rebuild(_desk.Pack(sign: false), parts => Replace(parts, 0, text, with))).ShouldContain(
            one => one.StartsWith("pack.json: ", StringComparison.Ordinal)
                && one.Split(": ", 2)[1].StartsWith(fault, StringComparison.Ordinal));

    [Fact]
    public void Verify_IndexThatSaysOtherThanTheManifest_IsRefused() =>
        Faults(PackWorkshop.EditIndex(_desk.Pack(sign: false), index => index["publisher"] = "Acme"))
            .ShouldBe(["pack.json: publisher: got 'Acme'; plugin.json says 'Tests'."]);

    [Theory]
    [InlineData("sdk", "[0.9,1.0)\u001b[2J")]
    [InlineData("publisher", "Te\u202ests")]
    public void Verify_TextThatSteersATerminal_IsRefused(string key, string text) =>
        Faults(PackWorkshop.EditIndex(_desk.Pack(sign: false), index => index[key] = text))
            .ShouldBe(["pack.json: sdk, publisher: allowed are 200 characters, none that cannot be seen."]);

    [Theory]
    [InlineData("../evil.dll", "must be a relative path inside the plugin's folder")]
    [InlineData("a/../../evil.dll", "must be a relative path inside the plugin's folder")]
    [InlineData("/etc/evil", "must be a relative path inside the plugin's folder")]
    [InlineData("a/nul.txt", "has the name of a device of Windows")]
    [InlineData("Com7", "has the name of a device of Windows")]
    [InlineData("a//evil", "must be a relative path inside the plugin's folder")]
    [InlineData("folder/", "must be a relative path inside the plugin's folder")]
    [InlineData("evil.dll.", "must be a relative path inside the plugin's folder")]
    [InlineData("a\\evil.dll", "must be of printable ASCII characters")]
    [InlineData("C:evil.dll", "must be of printable ASCII characters")]
    [InlineData("evil\u001b[2J", "must be of printable ASCII characters")]
    [InlineData("ev\u00efl", "must be of printable ASCII characters")]
    [InlineData("goodv1.DLL", "occurs twice, capital and small letters apart.")]
    [InlineData("PACK.SIG", "has a name that the pack itself needs.")]
    [InlineData("plugin.json/evil", "is a file and a folder.")]
    public void Verify_PathThatPlaysTricks_IsRefusedByName(string name, string fault)
    {
        string pack = PackWorkshop.AddFile(_desk.Pack(sign: false), name, [1]);

        Faults(pack).ShouldContain(one => one.Contains(fault, StringComparison.Ordinal) && !one.Contains('\u001b'));
    }

    [Fact]
    public void Verify_PathThatIsTooLong_IsRefused() =>
        Faults(PackWorkshop.AddFile(_desk.Pack(sign: false), new string('a', 201), [1])).ShouldHaveSingleItem().ShouldEndWith(": is longer than 200 characters.");

    [Fact]
    public void Verify_EntryTwice_IsRefused() =>
        Faults(PackWorkshop.Rebuild(_desk.Pack(), parts => parts.Add(new PackWorkshop.Part("GoodV1.dll", [1]))))
            .ShouldBe(["GoodV1.dll: occurs twice, capital and small letters apart."]);

    [Fact]
    public void Verify_SymbolicLink_IsRefused() =>
        Faults(PackWorkshop.AddFile(_desk.Pack(sign: false), "weights/link", "/etc/passwd"u8.ToArray(), attributes: unchecked((int)0xA1FF0000)))
            .ShouldBe(["weights/link: is a symbolic link."]);

    [Fact]
    public void Verify_MoreBytesThanTheIndexSays_AreNotDecompressed() =>
        Faults(PackWorkshop.AddFile(_desk.Pack(sign: false), "weights/bomb", new byte[50_000_000], length: 10))
            .ShouldBe(["weights/bomb: has more than 10 bytes; the index says 10."]);

    [Fact]
    public void Verify_FewerBytesThanTheIndexSays_AreRefused() =>
        Faults(PackWorkshop.AddFile(_desk.Pack(sign: false), "weights/short", new byte[5], length: 10))
            .ShouldBe(["weights/short: has 5 bytes; the index says 10."]);

    [Fact]
    public void Verify_MoreContentThanAPackMayHave_IsRefused() =>
        Faults(PackWorkshop.AddFile(_desk.Pack(sign: false), "weights/bomb", [1], length: long.MaxValue))
            .ShouldBe(["pack.json: files: got more than 17179869184 bytes together."]);

    [Fact]
    public void Verify_HugeIndex_IsNotRead() =>
        Faults(PackWorkshop.Rebuild(_desk.Pack(), parts => parts[0] = parts[0] with { Content = new byte[5_000_000] }))
            .ShouldBe(["pack.json: has 5000000 bytes; allowed: 4194304."]);

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("cut")]
    [InlineData("comment")]
    [InlineData("between")]
    [InlineData("list")]
    [InlineData("text")]
    [InlineData("empty")]
    public void Verify_FileThatIsMoreOrLessThanAPack_IsRefused(string how)
    {
        string pack = _desk.Pack();
        byte[] bytes = File.ReadAllBytes(pack);
        File.WriteAllBytes(pack, how switch
        {
            "before" => [.. "#!/bin/sh\n"u8, .. bytes],
            "after" => [.. bytes, 0],
            "cut" => bytes[..^1],
            "comment" => [.. bytes[..^2], 5, 0, .. "hello"u8],
            "between" => Between(bytes),
            "list" => [.. bytes[..^14], 1, 0, 1, 0, .. bytes[^10..]], // says that it has one entry
            "text" => [.. "This is a text, and no pack at all."u8],
            _ => [],
        });

        Faults(pack).ShouldHaveSingleItem().ShouldStartWith("pack: this is no pack: ");
    }

    [Fact]
    public void Verify_TooManyEntries_IsRefusedBeforeTheyAreListed() =>
        Faults(PackWorkshop.Rebuild(_desk.Pack(), parts => parts.AddRange(Enumerable.Range(0, 10_000).Select(i => new PackWorkshop.Part($"{i}", [])))))
            .ShouldBe(["pack: this is no pack: it has 10005 entries; allowed: 10002."]);

    [Fact]
    public void Verify_OfDamagedBytes_RefusesOrReadsTheSamePack() => DamageAsync(200);

    [Fact]
    [Long]
    public void Verify_OfManyDamagedBytes_RefusesOrReadsTheSamePack() => DamageAsync(20_000);

    [Theory]
    [InlineData("pack.json")]
    [InlineData("Pack.sig")]
    public void Pack_OfAFolderThatHoldsAReservedName_IsRefused(string name)
    {
        string folder = TestPlugins.Install(_desk.At("build"), "test.good", "1.0.0");
        File.WriteAllText(Path.Combine(folder, name), "{}");

        Should.Throw<InvalidInputException>(() => PackWriter.Pack(folder, _desk.At("x.mgpack"), PackWorkshop.Token))
            .Violations.ShouldHaveSingleItem().ShouldBe(new FieldViolation(name, "has a name that the pack itself needs."));
        Directory.GetFiles(_desk.At()).ShouldBeEmpty();
    }

    [Fact]
    public void Pack_OfAFolderWithALink_IsRefused()
    {
        string folder = TestPlugins.Install(_desk.At("build"), "test.good", "1.0.0");
        File.CreateSymbolicLink(Path.Combine(folder, "weights"), "/etc");

        Should.Throw<InvalidInputException>(() => PackWriter.Pack(folder, _desk.At("x.mgpack"), PackWorkshop.Token))
            .Message.ShouldBe("weights: is a symbolic link; allowed: files and folders.");
    }

    [Fact]
    public void Sign_OfADamagedPack_IsRefusedAndLeavesItAlone()
    {
        string pack = PackWorkshop.Rebuild(_desk.Pack(sign: false), parts => parts[^1].Content[0] ^= 1);
        byte[] before = File.ReadAllBytes(pack);

        Should.Throw<InvalidInputException>(() => PackWriter.Sign(pack, _desk.Key, PackWorkshop.Token));

        File.ReadAllBytes(pack).ShouldBe(before);
        Directory.GetFiles(_desk.At()).ShouldBe([pack]);
    }

    // What stays readable must be the pack that was signed, or no longer signed.
    private void DamageAsync(int times)
    {
        string pack = _desk.Pack();
        byte[] original = File.ReadAllBytes(pack);
        string hash = HashOf(pack)!;
        Random random = new(1);
        int refused = 0;
        for (int i = 0; i < times; i++)
        {
            File.WriteAllBytes(pack, MutatedBytes.Of(original, random));
            string? read = HashOf(pack);
            (read ?? hash).ShouldBe(hash);
            refused += read is null ? 1 : 0;
        }

        refused.ShouldBeGreaterThan(times / 2);

        static string? HashOf(string pack)
        {
            try
            {
                using PackReader reader = PackReader.Open(pack);
                reader.Verify(PackWorkshop.Token);
                return reader.Signed.Hash;
            }
            catch (InvalidInputException)
            {
                return null;
            }
        }
    }

    private static string[] Faults(string pack) =>
    [
        .. Should.Throw<InvalidInputException>(() =>
        {
            using PackReader reader = PackReader.Open(pack);
            reader.Verify(PackWorkshop.Token);
        }).Violations.Select(violation => $"{violation.Field}: {violation.Description}"),
    ];

    private static void Replace(List<PackWorkshop.Part> parts, int at, string text, string with)
    {
        string content = Encoding.UTF8.GetString(parts[at].Content);
        content.ShouldContain(text);
        int place = content.IndexOf(text, StringComparison.Ordinal);
        parts[at] = parts[at] with { Content = Encoding.UTF8.GetBytes(content[..place] + with + content[(place + text.Length)..]) };
    }

    // Five bytes in front of the list of entries, whose place is put right.
    private static byte[] Between(byte[] bytes)
    {
        int start = BitConverter.ToInt32(bytes, bytes.Length - 6);
        byte[] changed = [.. bytes[..start], .. "hello"u8, .. bytes[start..]];
        BitConverter.TryWriteBytes(changed.AsSpan(changed.Length - 6), start + 5).ShouldBeTrue();
        return changed;
    }
}

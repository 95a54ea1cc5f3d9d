using System.Security.Cryptography;
using MedGen.PluginHost.Packs;
using MedGen.PluginHost.Tests.Packs;
using MedGen.PluginHost.Trust;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Tests.Trust;

public sealed class TrustStoreTests : IDisposable
{
    private readonly PackWorkshop _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Judge_PackOfATrustedPublisher_IsTrusted()
    {
        TrustVerdict verdict = Judge(_desk.Pack(), _desk.Trust());

        verdict.IsTrusted.ShouldBeTrue();
        (verdict.Origin, verdict.Publisher, verdict.Reason).ShouldBe((PluginOrigin.Publisher, "Tests", $"It is signed by Tests, key {_desk.KeyId}."));
    }

    [Fact]
    public void Judge_UnsignedPackOrUnknownKeyOrNoTrustFile_IsUnknown()
    {
        Judge(_desk.Pack(sign: false), _desk.Trust(plugins: "acme.*")).ShouldBe(new TrustVerdict { Origin = PluginOrigin.Unknown, Reason = "It is not signed." });
        string pack = _desk.Pack();
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PackWriter.Sign(pack, other, PackWorkshop.Token);
        Judge(pack, _desk.Trust(plugins: "acme.*")).Origin.ShouldBe(PluginOrigin.Unknown);
        Judge(_desk.Pack(), null).Reason.ShouldBe($"It is signed with the key {_desk.KeyId}, which is no trusted publisher's.");
    }

    [Theory]
    [InlineData("test.*", "")]
    [InlineData("test.good", ", \"denied\": true")]
    public void Judge_PackWithAnIdOfAPublisherWhoHasNotSignedIt_IsRefused(string plugins, string inPublisher)
    {
        string trust = _desk.Trust(plugins: plugins, inPublisher: inPublisher);
        string pack = _desk.Pack(sign: false);

        TrustVerdict unsigned = Judge(pack, trust);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PackWriter.Sign(pack, other, PackWorkshop.Token);

        (unsigned.Origin, unsigned.Reason).ShouldBe((PluginOrigin.Refused, "It is not signed. Only Tests may publish test.good."));
        Judge(pack, trust).Origin.ShouldBe(PluginOrigin.Refused);
    }

    [Fact]
    public void Judge_WhatTheOperatorDoesNotWant_IsRefusedWithTheReason()
    {
        string pack = _desk.Pack();
        string hash;
        using (PackReader reader = PackReader.Open(pack))
        {
            hash = reader.Signed.Hash;
        }

        Refused(more: $", \"revoked_keys\": [\"{_desk.KeyId}\"]").ShouldBe((null, $"It is signed with the key {_desk.KeyId}, which is revoked."));
        Refused(more: $", \"revoked_packs\": [\"{hash}\"]").ShouldBe((null, $"The pack with the hash {hash} is revoked."));
        Refused(inPublisher: ", \"denied\": true").ShouldBe(("Tests", "It is signed by Tests, whose plugins are denied."));
        Refused(publisher: "Acme").ShouldBe(("Acme", "It says that it is by 'Tests', but is signed by Acme."));
        Refused(plugins: "acme.*").ShouldBe(("Tests", "It is signed by Tests, who may publish acme.*, but not test.good."));
        Refused(plugins: "test.goo").ShouldBe(("Tests", "It is signed by Tests, who may publish test.goo, but not test.good."));

        (string? Publisher, string Reason) Refused(string more = "", string publisher = "Tests", string plugins = "test.*", string inPublisher = "")
        {
            TrustVerdict verdict = Judge(pack, _desk.Trust(more, publisher, plugins, inPublisher));
            verdict.Origin.ShouldBe(PluginOrigin.Refused);
            return (verdict.Publisher, verdict.Reason);
        }
    }

    [Theory]
    [InlineData("{\"publisher\": []}", "the trust file cannot be used: ")]
    [InlineData("{\"publishers\": [{\"name\": \"A\", \"key_files\": [], \"plugins\": [\"a\"]}]}", "publishers[0].key_files: got none; allowed: files of public keys.")]
    [InlineData("{\"publishers\": [{\"name\": \"A\", \"key_files\": [\"key.pem\"]}]}", "publishers[0].plugins: got none; allowed: ids of plugins")]
    [InlineData("{\"publishers\": [{\"name\": \"A\", \"key_files\": [\"none.pem\"], \"plugins\": [\"a\"]}]}", "publishers[0].key_files: Could not find file")]
    [InlineData("{\"publishers\": [{\"name\": \"A\", \"key_files\": [\"private.pem\"], \"plugins\": [\"a\"]}]}", "got a PRIVATE KEY; allowed: a PUBLIC KEY.")]
    [InlineData("{\"publishers\": [{\"name\": \"A\", \"key_files\": [\"key.pem\", \"key.pem\"], \"plugins\": [\"a\"]}]}", "twice; allowed: each key once.")]
    [InlineData("{\"publishers\": [{\"name\": \"A\", \"key_files\": [\"key.pem\"], \"plugins\": [\"a.b\", \"*.acme\"]}]}", "publishers[0].plugins: got '*.acme'; allowed: an id, ")]
    [InlineData("{\"publishers\": [{\"name\": \"A\", \"key_files\": [\"key.pem\"], \"plugins\": [\"acme*\", \"*\"]}]}", "publishers[0].plugins: got 'acme*'; allowed: an id, ")]
    [InlineData("{\"publishers\": [null]}", "the trust file cannot be used: ")]
    [InlineData("{\"revoked_keys\": [\"abc\"]}", "revoked_keys: got another text; allowed: SHA-256 of 64 lower-case hexadecimal digits.")]
    [InlineData("{\"revoked_packs\": [null]}", "the trust file cannot be used: ")]
    [InlineData("null", "the trust file cannot be used: ")]
    [InlineData("no", "the trust file cannot be used: ")]
    public void Load_OfAFileThatCannotBeUsed_SaysWhere(string text, string fault)
    {
        _desk.Trust();
        _desk.Write("private.pem", _desk.Key.ExportPkcs8PrivateKeyPem());
        string file = _desk.Write("trust.json", text);

        Should.Throw<InvalidInputException>(() => TrustStore.Load(file)).Message.ShouldContain(fault);
    }

    private static TrustVerdict Judge(string pack, string? trust)
    {
        using PackReader reader = PackReader.Open(pack);
        return TrustStore.Load(trust).Judge(reader.Signed);
    }
}

using System.Security.Cryptography;
using MedGen.PluginHost.Packs;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Tests.Packs;

public sealed class PublisherKeyTests : IDisposable
{
    private static readonly PbeParameters Pbe = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
    private readonly PackWorkshop _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void ReadPrivate_OfPlainAndEncryptedKey_SignsWithTheSameKey()
    {
        string plain = _desk.Write("plain.pem", _desk.Key.ExportPkcs8PrivateKeyPem());
        string encrypted = _desk.Write("encrypted.pem", _desk.Key.ExportEncryptedPkcs8PrivateKeyPem("secret", Pbe));
        string passphrase = _desk.Write("passphrase", "secret\n");

        foreach (ECDsa key in new[] { PublisherKey.ReadPrivate(plain, null), PublisherKey.ReadPrivate(encrypted, passphrase) })
        {
            PackWriter.Sign(_desk.Pack(sign: false), key, PackWorkshop.Token).KeyId.ShouldBe(_desk.KeyId);
            key.Dispose();
        }
    }

    [Theory]
    [InlineData("encrypted", null, "the key is encrypted; give the file with its passphrase.")]
    [InlineData("encrypted", "wrong", "the key cannot be used: ")]
    [InlineData("plain", "secret", "the key is not encrypted, but a passphrase was given.")]
    [InlineData("public", null, "the key cannot be used: ")]
    [InlineData("P-384", null, "the key cannot be used: got the curve 1.3.132.0.34; allowed: P-256.")]
    [InlineData("rsa", null, "the key cannot be used: ")]
    [InlineData("text", null, "this is no PEM file.")]
    public void ReadPrivate_OfAKeyThatCannotBeUsed_SaysWhy(string kind, string? passphrase, string fault)
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using RSA rsa = RSA.Create(2048);
        string file = _desk.Write("key.pem", kind switch
        {
            "encrypted" => _desk.Key.ExportEncryptedPkcs8PrivateKeyPem("secret", Pbe),
            "plain" => _desk.Key.ExportPkcs8PrivateKeyPem(),
            "public" => _desk.Key.ExportSubjectPublicKeyInfoPem(),
            "P-384" => other.ExportPkcs8PrivateKeyPem(),
            "rsa" => rsa.ExportPkcs8PrivateKeyPem(),
            _ => "no key",
        });

        Should.Throw<InvalidInputException>(() => PublisherKey.ReadPrivate(file, passphrase is null ? null : _desk.Write("passphrase", passphrase)))
            .Violations.ShouldHaveSingleItem().Description.ShouldStartWith(fault);
    }

    [Fact]
    public void FromPublic_OfACurveThatNobodyKnows_IsRefused()
    {
        byte[] key = _desk.Key.ExportSubjectPublicKeyInfo();
        byte[] p256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        int at = key.AsSpan().IndexOf(p256);
        (key[at + 6], key[at + 7]) = (0x00, 0x7c);

        Should.Throw<InvalidInputException>(() => PublisherKey.FromPublic(key, "pack.sig")).Message.ShouldContain("the key cannot be used: ");
    }
}

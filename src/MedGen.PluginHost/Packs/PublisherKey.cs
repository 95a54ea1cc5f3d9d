using System.Security.Cryptography;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Packs;

/// <summary>Keys of publishers: ECDSA over P-256, in PEM files.</summary>
public static class PublisherKey
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Name of a key: SHA-256 of its SubjectPublicKeyInfo, in lower-case hexadecimal.</summary>
    /// <param name="publicKey">SubjectPublicKeyInfo, DER.</param>
    public static string IdOf(ReadOnlySpan<byte> publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey));

    /// <summary>Reads a private key (PKCS#8), to sign with.</summary>
    /// <param name="path">PEM file.</param>
    /// <param name="passphraseFile">File with the passphrase of an encrypted key; null: it is not encrypted.</param>
    /// <exception cref="InvalidInputException">It cannot be used.</exception>
    public static ECDsa ReadPrivate(string path, string? passphraseFile)
    {
        string pem = File.ReadAllText(path);
        bool isEncrypted = LabelOf(pem, path) == "ENCRYPTED PRIVATE KEY";
        if (isEncrypted != passphraseFile is not null)
        {
            throw new InvalidInputException(path, isEncrypted
                ? "the key is encrypted; give the file with its passphrase."
                : "the key is not encrypted, but a passphrase was given.");
        }

        return Import(path, key =>
        {
            if (isEncrypted)
            {
                key.ImportFromEncryptedPem(pem, File.ReadAllText(passphraseFile!).TrimEnd('\r', '\n'));
            }
            else
            {
                key.ImportFromPem(pem);
                _ = key.ExportParameters(includePrivateParameters: true);
            }
        });
    }

    /// <summary>Reads a public key.</summary>
    /// <param name="path">PEM file.</param>
    /// <returns>SubjectPublicKeyInfo, DER.</returns>
    /// <exception cref="InvalidInputException">It is no public key that can be used.</exception>
    internal static byte[] ReadPublic(string path)
    {
        string pem = File.ReadAllText(path);
        string label = LabelOf(pem, path);
        if (label != "PUBLIC KEY")
        {
            throw new InvalidInputException(path, $"got a {label}; allowed: a PUBLIC KEY. The private one stays with its publisher.");
        }

        using ECDsa key = Import(path, key => key.ImportFromPem(pem));
        return key.ExportSubjectPublicKeyInfo();
    }

    internal static ECDsa FromPublic(byte[] publicKey, string name) => Import(name, key =>
    {
        key.ImportSubjectPublicKeyInfo(publicKey, out int read);
        if (read != publicKey.Length)
        {
            throw new CryptographicException("bytes follow the key");
        }
    });

    private static string LabelOf(string pem, string path) => PemEncoding.TryFind(pem, out PemFields fields)
        ? pem[fields.Label]
        : throw new InvalidInputException(path, "this is no PEM file.");

    private static ECDsa Import(string path, Action<ECDsa> import)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            import(key);
            string? curve = key.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value;
            return curve == P256 ? key : throw new CryptographicException($"got the curve {curve}; allowed: P-256");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw new InvalidInputException(path, $"the key cannot be used: {e.Message.TrimEnd('.')}.");
        }
    }
}

using System.Security.Cryptography;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Packs;

/// <summary>A signature over the exact bytes of an index, with the key that it can be checked with. Whose key that is, it cannot say.</summary>
public sealed record PackSignature
{
    /// <summary>Name of the file in a pack and in an installed folder.</summary>
    public const string FileName = "pack.sig";

    /// <summary>The only algorithm: ECDSA over P-256 with SHA-256.</summary>
    private const string Es256 = "ES256";

    /// <summary>Most bytes of a signature's file.</summary>
    internal const int MaxBytes = 4096;

    /// <summary>Always ES256.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The public key as SubjectPublicKeyInfo in base64.</summary>
    public required string Key { get; init; }

    /// <summary>The 64 bytes r and s in base64.</summary>
    public required string Signature { get; init; }

    /// <summary>SHA-256 of the public key.</summary>
    internal string KeyId => PublisherKey.IdOf(Convert.FromBase64String(Key));

    internal static PackSignature Of(byte[] index, ECDsa key) => new()
    {
        Algorithm = Es256,
        Key = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
        Signature = Convert.ToBase64String(key.SignData(index, HashAlgorithmName.SHA256)),
    };

    /// <summary>Reads a signature and checks it.</summary>
    /// <param name="bytes">The signature's file.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="index">What was signed.</param>
    /// <exception cref="InvalidInputException">It is none, or not over these bytes.</exception>
    internal static PackSignature Parse(byte[] bytes, string name, byte[] index)
    {
        PackSignature signature = CanonicalJson.Read<PackSignature>(bytes, name, MaxBytes);
        if (signature.Algorithm != Es256)
        {
            throw new InvalidInputException(name, $"algorithm: got '{PackPath.Shown(signature.Algorithm)}'; allowed: {Es256}.");
        }

        try
        {
            using ECDsa key = PublisherKey.FromPublic(Convert.FromBase64String(signature.Key), name);
            return key.VerifyData(index, Convert.FromBase64String(signature.Signature), HashAlgorithmName.SHA256)
                ? signature
                : throw new CryptographicException("it is not that of its key over the index");
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new InvalidInputException(name, $"is no valid signature: {e.Message.TrimEnd('.')}.");
        }
    }
}

using System.Security.Cryptography;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Packs;

/// <summary>An index with its signature, which is valid if there is one.</summary>
public sealed record SignedIndex
{
    private SignedIndex(PackIndex index, byte[] bytes, PackSignature? signature)
    {
        (Index, Bytes, Signature) = (index, bytes, signature);
    }

    /// <summary>The index.</summary>
    public PackIndex Index { get; }

    /// <summary>The signature over it; null: nobody has signed it.</summary>
    public PackSignature? Signature { get; }

    /// <summary>SHA-256 of the index's bytes: it names the content of the pack, whoever signs or compresses it.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>SHA-256 of the key that it is signed with; null: nobody has signed it.</summary>
    public string? KeyId => Signature?.KeyId;

    internal byte[] Bytes { get; }

    /// <exception cref="InvalidInputException">Index or signature breaks the rules.</exception>
    internal static SignedIndex Parse(byte[] index, byte[]? signature) =>
        new(PackIndex.Parse(index), index, signature is null ? null : PackSignature.Parse(signature, PackSignature.FileName, index));
}

using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace MedGen.Dicom.DataSets;

/// <summary>Unique identifiers below 2.25, which are UUIDs as decimal numbers (PS3.5, B.2).</summary>
public static class DicomUid
{
    /// <summary>A fresh one.</summary>
    /// <returns>At most 44 characters.</returns>
    public static string New() => Of(Guid.NewGuid().ToByteArray(bigEndian: true));

    /// <summary>Whether a text is an identifier: 1 to 64 digits and dots, no dot at an end or beside another.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsValid(string? text) => text is { Length: >= 1 and <= 64 }
        && text.Split('.').All(part => part.Length > 0 && part.All(char.IsAsciiDigit));

    /// <summary>The identifier that stands for another one under a key: always the same, and not to be led back without the key.</summary>
    /// <param name="uid">The identifier.</param>
    /// <param name="key">The key.</param>
    /// <returns>At most 44 characters.</returns>
    public static string Mapped(string uid, ReadOnlySpan<byte> key)
    {
        byte[] bytes = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"uid:{uid}"))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80); // version 8: custom
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return Of(bytes);
    }

    private static string Of(ReadOnlySpan<byte> uuid) =>
        "2.25." + new BigInteger(uuid, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Deidentification;

/// <summary>
/// A secret from which all stand-ins follow: the same identifiers get the same stand-ins in every run with it, and none can be led back without it.
/// </summary>
public sealed class DeidentificationKey
{
    private const int ShortestKey = 16;
    private const int LongestShift = 3650;

    private readonly byte[] _key;

    private DeidentificationKey(byte[] key) => _key = key;

    /// <summary>A key for one run.</summary>
    /// <returns>32 random bytes.</returns>
    public static DeidentificationKey New() => new(RandomNumberGenerator.GetBytes(32));

    /// <summary>A key that is kept.</summary>
    /// <param name="bytes">At least 16 bytes.</param>
    /// <returns>The key.</returns>
    /// <exception cref="InvalidInputException">It is shorter.</exception>
    public static DeidentificationKey Of(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return bytes.Length >= ShortestKey
            ? new DeidentificationKey(bytes)
            : throw new InvalidInputException("key", $"has {bytes.Length} bytes; at least {ShortestKey} are needed.");
    }

    internal string Uid(string uid) => DicomUid.Mapped(uid, _key);

    internal string Patient(string id) => "P" + Convert.ToHexString(Hash($"patient:{id}"))[..15];

    internal int DaysBack(string patientId) => 1 + (int)(BinaryPrimitives.ReadUInt32LittleEndian(Hash($"days:{patientId}")) % LongestShift);

    /// <summary>A date, or a date with a time of which only the date changes; null: it is none.</summary>
    internal static string? Shift(string value, int daysBack) =>
        value.Length >= 8 && DateOnly.TryParseExact(value[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            && date.DayNumber > daysBack
            ? date.AddDays(-daysBack).ToString("yyyyMMdd", CultureInfo.InvariantCulture) + value[8..]
            : null;

    private byte[] Hash(string text) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text));
}

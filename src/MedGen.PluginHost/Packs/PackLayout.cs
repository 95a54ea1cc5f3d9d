using System.Buffers.Binary;
using MedGen.Sdk.Errors;

namespace MedGen.PluginHost.Packs;

/// <summary>
/// Where things lie in a pack's zip: entry after entry from the first byte on, their list, and its end. Looked at before the archive is opened, since
/// a list of entries that a stranger chose the length of would be read into memory whole.
/// </summary>
internal static class PackLayout
{
    private const int EndBytes = 22;
    private const int LocalHeaderBytes = 30;
    private const int CentralHeaderBytes = 46;
    private const uint EndSignature = 0x06054b50;
    private const uint LocalSignature = 0x04034b50;
    private const uint CentralSignature = 0x02014b50;

    /// <summary>Checks a file.</summary>
    /// <param name="file">The file; it is at its beginning afterwards.</param>
    /// <exception cref="InvalidInputException">It is no such archive.</exception>
    public static void Check(FileStream file)
    {
        if (file.Length is < EndBytes or > uint.MaxValue)
        {
            throw NoPack($"it has {file.Length} bytes; allowed: {EndBytes} to {uint.MaxValue}");
        }

        byte[] end = Read(file, file.Length - EndBytes, EndBytes);
        int entries = Number16(end, 10);
        (long listBytes, long listStart) = (Number32(end, 12), Number32(end, 16));
        if (Number32(end, 0) != EndSignature || listStart + listBytes + EndBytes != file.Length)
        {
            throw NoPack("it is no zip archive, or something was put before or after it");
        }

        // Other values would be parts of an archive in several files, or point to a second end, in the form of ZIP64.
        if (Number32(end, 4) != 0 || Number16(end, 8) != entries)
        {
            throw NoPack("its end speaks of several files");
        }

        if (entries > PackIndex.MaxFiles + 2)
        {
            throw NoPack($"it has {entries} entries; allowed: {PackIndex.MaxFiles + 2}");
        }

        if (listBytes > (long)entries * (CentralHeaderBytes + PackPath.MaxLength))
        {
            throw NoPack($"its list of {entries} entries has {listBytes} bytes");
        }

        CheckEntries(file, Read(file, listStart, (int)listBytes), entries, listStart);
        file.Position = 0;
    }

    /// <summary>The error for a file that is no archive of this kind.</summary>
    /// <param name="why">Why, as a sentence without its stop.</param>
    public static InvalidInputException NoPack(string why) => new("pack", $"this is no pack: {why}.");

    // Entries that lie over each other would be read many times, and bytes between them by nobody.
    private static void CheckEntries(FileStream file, ReadOnlySpan<byte> list, int entries, long listStart)
    {
        long place = 0;
        for (int i = 0; i < entries; i++)
        {
            if (list.Length < CentralHeaderBytes || Number32(list, 0) != CentralSignature)
            {
                throw NoPack($"entry {i + 1} of its list is none");
            }

            (long compressed, int nameBytes) = (Number32(list, 20), Number16(list, 28));
            if (list.Length < CentralHeaderBytes + nameBytes || Number32(list, 30) != 0 || Number16(list, 34) != 0 || Number32(list, 42) != place)
            {
                throw NoPack($"entry {i + 1} of its list does not lie where the one before ends, or has more than a name");
            }

            ReadOnlySpan<byte> name = list.Slice(CentralHeaderBytes, nameBytes);
            long dataStart = place + LocalHeaderBytes + nameBytes;
            if (dataStart + compressed > listStart || !IsHeader(Read(file, place, LocalHeaderBytes + nameBytes), name))
            {
                throw NoPack($"entry {i + 1} is not as the list says");
            }

            place = dataStart + compressed;
            list = list[(CentralHeaderBytes + nameBytes)..];
        }

        if (list.Length > 0 || place != listStart)
        {
            throw NoPack("it has bytes that belong to no entry");
        }
    }

    private static bool IsHeader(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name) =>
        Number32(header, 0) == LocalSignature && Number16(header, 26) == name.Length && Number16(header, 28) == 0
        && header[LocalHeaderBytes..].SequenceEqual(name);

    private static byte[] Read(FileStream file, long place, int count)
    {
        byte[] bytes = new byte[count];
        file.Position = place;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int Number16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long Number32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}

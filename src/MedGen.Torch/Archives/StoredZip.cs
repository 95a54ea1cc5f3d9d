using System.Buffers.Binary;
using System.Text;

namespace MedGen.Torch.Archives;

/// <summary>
/// Where the entries of a zip file lie whose content is stored, not compressed, as torch writes them (APPNOTE 4.3, zip64 included). Read from the
/// central directory at the end of the file; nothing of the content is read.
/// </summary>
internal static class StoredZip
{
    private const uint EndSignature = 0x0605_4b50;
    private const uint End64LocatorSignature = 0x0706_4b50;
    private const uint End64Signature = 0x0606_4b50;
    private const uint EntrySignature = 0x0201_4b50;
    private const uint LocalSignature = 0x0403_4b50;
    private const int EndLength = 22;
    private const int EntryLength = 46;
    private const int LocalLength = 30;
    private const int LongestDirectory = 256 << 20;

    /// <summary>First byte in the file and length of each entry by name.</summary>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static IReadOnlyDictionary<string, (long Offset, long Length)> Read(Stream file)
    {
        (long start, long length) = FindDirectory(file);
        if (start < 0 || length is < 0 or > LongestDirectory || start > file.Length - length)
        {
            throw new InvalidDataException("the central directory lies outside the file");
        }

        Dictionary<string, (long, long)> entries = new(StringComparer.Ordinal);
        byte[] directory = ReadAt(file, start, (int)length);
        for (int at = 0; at < directory.Length;)
        {
            ReadOnlySpan<byte> entry = Slice(directory, at, EntryLength);
            if (U32(entry, 0) != EntrySignature)
            {
                throw new InvalidDataException("the central directory is broken");
            }

            (int nameLength, int extraLength, int commentLength) = (U16(entry, 28), U16(entry, 30), U16(entry, 32));
            string name = Encoding.UTF8.GetString(Slice(directory, at + EntryLength, nameLength));
            if (U16(entry, 10) != 0 || (U16(entry, 8) & 1) != 0)
            {
                throw new InvalidDataException($"entry '{name}' is compressed or encrypted");
            }

            (long size, long local) = Sizes(entry, Slice(directory, at + EntryLength + nameLength, extraLength));
            if (!entries.TryAdd(name, (DataOffset(file, name, local, size), size)))
            {
                throw new InvalidDataException($"entry '{name}' occurs twice");
            }

            at += EntryLength + nameLength + extraLength + commentLength;
        }

        return entries;
    }

    private static (long Start, long Length) FindDirectory(Stream file)
    {
        int tailLength = (int)Math.Min(file.Length, EndLength + ushort.MaxValue);
        byte[] tail = ReadAt(file, file.Length - tailLength, tailLength);
        for (int at = tail.Length - EndLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(at);
            if (U32(end, 0) != EndSignature || U16(end, 20) != end.Length - EndLength)
            {
                continue;
            }

            long position = file.Length - tailLength + at;
            if (position >= 20)
            {
                byte[] locator = ReadAt(file, position - 20, 20);
                if (U32(locator, 0) == End64LocatorSignature)
                {
                    byte[] end64 = ReadAt(file, S64(locator, 8), 56);
                    return U32(end64, 0) == End64Signature
                        ? (S64(end64, 48), S64(end64, 40))
                        : throw new InvalidDataException("its zip64 end is broken");
                }
            }

            return (U32(end, 16), U32(end, 12));
        }

        throw new InvalidDataException("it has no end of a zip file");
    }

    // The 32-bit fields, and those of the zip64 field (id 1) in their place where they are all ones.
    private static (long Size, long Local) Sizes(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> extra)
    {
        (long size, long stored, long local) = (U32(entry, 24), U32(entry, 20), U32(entry, 42));
        for (int at = 0; at + 4 <= extra.Length; at += 4 + U16(extra, at + 2))
        {
            if (U16(extra, at) != 1)
            {
                continue;
            }

            int field = at + 4;
            size = Wide(extra, size, ref field);
            stored = Wide(extra, stored, ref field);
            local = Wide(extra, local, ref field);
        }

        return size == stored ? (size, local) : throw new InvalidDataException("an entry is compressed");
    }

    private static long Wide(ReadOnlySpan<byte> extra, long value, ref int at)
    {
        if (value != uint.MaxValue)
        {
            return value;
        }

        at += 8;
        return at <= extra.Length ? S64(extra, at - 8) : throw new InvalidDataException("a zip64 field is cut short");
    }

    private static long DataOffset(Stream file, string name, long local, long size)
    {
        byte[] header = ReadAt(file, local, LocalLength);
        long offset = local + LocalLength + U16(header, 26) + U16(header, 28);
        return U32(header, 0) == LocalSignature && size >= 0 && offset <= file.Length - size
            ? offset
            : throw new InvalidDataException($"entry '{name}' lies outside the file");
    }

    private static byte[] ReadAt(Stream file, long offset, int length)
    {
        if (offset < 0 || offset > file.Length - length)
        {
            throw new InvalidDataException("a part of it lies outside the file");
        }

        byte[] bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static ReadOnlySpan<byte> Slice(byte[] bytes, int at, int length) =>
        at <= bytes.Length - length ? bytes.AsSpan(at, length) : throw new InvalidDataException("the central directory is cut short");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long S64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}

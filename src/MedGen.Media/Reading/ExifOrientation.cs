using System.Buffers.Binary;

namespace MedGen.Media.Reading;

/// <summary>
/// How a still has to be turned to be upright: tag 274 of EXIF and TIFF 6.0, in JPEG (APP1), WebP (<c>EXIF</c>), PNG (<c>eXIf</c>) and TIFF.
/// It is read here and not by ffmpeg, because which of these ffmpeg applies differs from version to version.
/// </summary>
internal static class ExifOrientation
{
    /// <summary>Upright as stored.</summary>
    public const int Upright = 1;

    private const int Last = 8;
    private const ushort OrientationTag = 274;
    private const ushort ShortType = 3;
    private const int EntrySize = 12;
    private const int MaxParts = 65_536; // a file of endless tiny chunks is given up, not walked through

    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8];

    private static ReadOnlySpan<byte> PngStart => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> ExifStart => "Exif\0\0"u8;

    /// <summary>Reads the orientation.</summary>
    /// <returns>1 to 8; 1 when the file states none, or none that can be read: it is then shown as it is stored, as viewers do.</returns>
    public static int Read(Stream file)
    {
        Span<byte> start = stackalloc byte[12];
        if (!TryReadAt(file, 0, start))
        {
            return Upright;
        }

        long? exif = start.StartsWith(JpegStart) ? FindInJpeg(file)
            : start.StartsWith(PngStart) ? FindChunk(file, PngStart.Length, "eXIf"u8, lengthFirst: true)
            : start.StartsWith("RIFF"u8) && start[8..].SequenceEqual("WEBP"u8) ? FindChunk(file, start.Length, "EXIF"u8, lengthFirst: false)
            : 0;
        return exif is long origin ? ReadTiff(file, origin) : Upright;
    }

    /// <summary>Clockwise degrees by which the stored picture, mirrored left to right first for 2, 4, 5 and 7, is turned.</summary>
    public static int ClockwiseDegrees(int orientation) => orientation switch
    {
        3 or 4 => 180,
        5 or 8 => 270,
        6 or 7 => 90,
        _ => 0,
    };

    /// <summary>ffmpeg's filters that make the picture upright.</summary>
    public static IEnumerable<string> Filters(int orientation) => orientation switch
    {
        2 => ["hflip"],
        3 => ["hflip", "vflip"],
        4 => ["vflip"],
        5 => ["transpose=cclock_flip"],
        6 => ["transpose=clock"],
        7 => ["transpose=clock_flip"],
        8 => ["transpose=cclock"],
        _ => [],
    };

    // Segments up to the first scan: FF, marker, big-endian length that counts itself.
    private static long? FindInJpeg(Stream file)
    {
        const byte Marker = 0xFF;
        const byte Application1 = 0xE1;
        const byte StartOfScan = 0xDA;
        Span<byte> head = stackalloc byte[4 + 6];
        long position = JpegStart.Length;
        for (int part = 0; part < MaxParts && TryReadAt(file, position, head) && head[0] == Marker && head[1] != StartOfScan; part++)
        {
            if (head[1] == Marker)
            {
                position++; // a fill byte
                continue;
            }

            if (head[1] == Application1 && head[4..].SequenceEqual(ExifStart))
            {
                return position + head.Length;
            }

            position += 2 + BinaryPrimitives.ReadUInt16BigEndian(head[2..]);
        }

        return null;
    }

    // PNG: big-endian length, name, data, checksum. RIFF: name, little-endian length, data, padded to an even length.
    private static long? FindChunk(Stream file, long position, ReadOnlySpan<byte> name, bool lengthFirst)
    {
        Span<byte> head = stackalloc byte[8];
        for (int part = 0; part < MaxParts && TryReadAt(file, position, head); part++)
        {
            long data = position + head.Length;
            if (head.Slice(lengthFirst ? 4 : 0, 4).SequenceEqual(name))
            {
                Span<byte> prefix = stackalloc byte[ExifStart.Length];
                return TryReadAt(file, data, prefix) && prefix.SequenceEqual(ExifStart) ? data + prefix.Length : data;
            }

            uint length = lengthFirst ? BinaryPrimitives.ReadUInt32BigEndian(head) : BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            position = data + length + (lengthFirst ? 4 : length % 2);
        }

        return null;
    }

    // TIFF 6.0, section 2: byte order, 42, offset of the first directory; a directory is a count and entries of 12 bytes.
    private static int ReadTiff(Stream file, long origin)
    {
        const ushort Magic = 42;
        Span<byte> head = stackalloc byte[8];
        Span<byte> count = stackalloc byte[2];
        Span<byte> entry = stackalloc byte[EntrySize];
        if (!TryReadAt(file, origin, head) || !(head.StartsWith("II"u8) || head.StartsWith("MM"u8)))
        {
            return Upright;
        }

        bool little = head[0] == 'I';
        uint offset = little ? BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) : BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        long directory = origin + offset;
        if (Short(head[2..], little) != Magic || !TryReadAt(file, directory, count))
        {
            return Upright;
        }

        int entries = Short(count, little);
        for (int i = 0; i < entries && TryReadAt(file, directory + count.Length + ((long)i * EntrySize), entry); i++)
        {
            if (Short(entry, little) == OrientationTag && Short(entry[2..], little) == ShortType)
            {
                return Short(entry[8..], little) is >= Upright and <= Last and var stated ? stated : Upright;
            }
        }

        return Upright;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static bool TryReadAt(Stream file, long position, Span<byte> bytes)
    {
        if (position > file.Length - bytes.Length)
        {
            return false;
        }

        file.Position = position;
        return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length; // less when it was cut meanwhile
    }
}

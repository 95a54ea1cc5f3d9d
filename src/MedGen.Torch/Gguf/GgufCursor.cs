using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MedGen.Torch.Gguf;

/// <summary>
/// Reads the header from its start. Every length is compared with what is left of the file before anything is allocated for it.
/// </summary>
/// <param name="stream">The file, at its start.</param>
internal sealed class GgufCursor(Stream stream)
{
    private const int KeptIntegers = 64;
    private const int LongestName = 65_535;
    private const int LongestText = 1 << 24;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The types of statements in the order of their numbers (gguf.md, gguf_metadata_value_type), with the bytes of one.
    private static readonly (string Name, int Size)[] Types =
    [
        ("UINT8", 1), ("INT8", 1), ("UINT16", 2), ("INT16", 2), ("UINT32", 4), ("INT32", 4), ("FLOAT32", 4), ("BOOL", 1), ("STRING", 0), ("ARRAY", 0),
        ("UINT64", 8), ("INT64", 8), ("FLOAT64", 8),
    ];

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    private long Remaining => stream.Length - Position;

    public uint U32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4, what));

    public ulong U64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8, what));

    /// <summary>A name: text of at most 65,535 bytes.</summary>
    public string Name(string what) => Text(what, LongestName);

    /// <summary>A statement: text, whole number (long), float (double), bool, or <see cref="GgufArray"/>.</summary>
    public object Value(string what)
    {
        uint type = U32($"type of {what}");
        return TypeName(type, what) == "ARRAY" ? Array(what) : Scalar(type, what);
    }

    private object Scalar(uint type, string what)
    {
        (string name, int size) = Types[type];
        if (name == "STRING")
        {
            return Text(what, LongestText);
        }

        ReadOnlySpan<byte> bytes = Bytes(size, what);
        return name switch
        {
            "UINT8" => (long)bytes[0],
            "INT8" => (long)(sbyte)bytes[0],
            "UINT16" => (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            "INT16" => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
            "UINT32" => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            "INT32" => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            "INT64" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            "UINT64" => BinaryPrimitives.ReadUInt64LittleEndian(bytes) is <= long.MaxValue and ulong value
                ? (long)value
                : throw new InvalidDataException($"{what} is larger than 2^63 - 1"),
            "FLOAT32" => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            "FLOAT64" => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            _ => bytes[0] <= 1 ? bytes[0] == 1 : throw new InvalidDataException($"{what} is a BOOL of {bytes[0]}; allowed: 0, 1"),
        };
    }

    private GgufArray Array(string what)
    {
        uint type = U32($"element type of {what}");
        string name = TypeName(type, what);
        if (name == "ARRAY")
        {
            throw new InvalidDataException($"{what} is an array of arrays, which is not read");
        }

        ulong count = U64($"length of {what}");
        int size = Math.Max(Types[type].Size, name == "STRING" ? 8 : 1);
        if (count > (ulong)(Remaining / size))
        {
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"{what} claims {count} elements, but only {Remaining} bytes follow"));
        }

        if (name is not ("STRING" or "BOOL" or "FLOAT32" or "FLOAT64") && count <= KeptIntegers)
        {
            List<long> integers = [];
            for (ulong i = 0; i < count; i++)
            {
                integers.Add((long)Scalar(type, what));
            }

            return new GgufArray(name, (long)count, integers);
        }

        if (name == "STRING")
        {
            for (ulong i = 0; i < count; i++)
            {
                Skip(Length(what, LongestText));
            }
        }
        else
        {
            Skip((long)count * size);
        }

        return new GgufArray(name, (long)count, null);
    }

    private string Text(string what, int longest)
    {
        try
        {
            return StrictUtf8.GetString(Bytes((int)Length(what, longest), what));
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"{what} is not UTF-8", exception);
        }
    }

    private long Length(string what, int longest)
    {
        ulong length = U64($"length of {what}");
        return length <= (ulong)Math.Min(longest, Remaining)
            ? (long)length
            : throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture, $"{what} claims {length} bytes; allowed: at most {longest}, and {Remaining} follow in the file"));
    }

    private byte[] Bytes(int count, string what)
    {
        if (count > Remaining)
        {
            throw new InvalidDataException($"it ends within {what}, at byte {stream.Length}");
        }

        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        Position += count;
        return bytes;
    }

    private void Skip(long count)
    {
        stream.Seek(count, SeekOrigin.Current);
        Position += count;
    }

    private static string TypeName(uint type, string what) => type < Types.Length
        ? Types[type].Name
        : throw new InvalidDataException($"{what} has the unknown type {type}; allowed: 0 to {Types.Length - 1}");
}

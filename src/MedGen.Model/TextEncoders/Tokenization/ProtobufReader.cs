using System.Buffers.Binary;
using System.Text;

namespace MedGen.Model.TextEncoders.Tokenization;

/// <summary>Walks over the fields of one protobuf message (wire format: protobuf.dev/programming-guides/encoding).</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = message;
    private ulong _number;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Content of the current field when it is a string, bytes or a nested message; for a fixed-width field, its bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The current field as a number.</summary>
    public readonly int Int => (int)(long)_number;

    /// <summary>The current field as a boolean.</summary>
    public readonly bool Bool => _number != 0;

    /// <summary>The current field as a float.</summary>
    /// <exception cref="InvalidDataException">The field is not 4 bytes wide.</exception>
    public readonly float Float => Bytes.Length == sizeof(float)
        ? BinaryPrimitives.ReadSingleLittleEndian(Bytes)
        : throw new InvalidDataException($"field {Field} should be a float");

    /// <summary>The current field as UTF-8 text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Steps to the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong tag = ReadVarint();
        Field = (int)(tag >> 3);
        Bytes = default;
        _number = 0;
        switch ((int)(tag & 7))
        {
            case Varint:
                _number = ReadVarint();
                break;
            case Fixed64:
                Bytes = Take(8);
                break;
            case LengthDelimited:
                Bytes = Take(ReadVarint());
                break;
            case Fixed32:
                Bytes = Take(4);
                break;
            default:
                throw new InvalidDataException($"field {Field} has the unknown wire type {tag & 7}");
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw new InvalidDataException($"field {Field} is {count} bytes long, but {_rest.Length} are left");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int i = 0; i < 10; i++)
        {
            if (i >= _rest.Length)
            {
                throw new InvalidDataException("the message ends inside a number");
            }

            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("a number is longer than 10 bytes");
    }
}

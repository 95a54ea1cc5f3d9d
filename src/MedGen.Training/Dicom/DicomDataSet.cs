using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MedGen.Training.Dicom;

/// <summary>
/// The elements of a data set by tag (group · 65536 + element). Sequences are walked, not kept, except that the first rescale values met inside one are kept:
/// enhanced objects hold them in their functional groups.
/// </summary>
internal sealed class DicomDataSet
{
    /// <summary>Tag of the pixel data.</summary>
    public const uint PixelData = 0x7FE0_0010;

    private readonly Dictionary<uint, ReadOnlyMemory<byte>> _elements = [];
    private readonly bool _bigEndian;

    private DicomDataSet(bool bigEndian)
    {
        _bigEndian = bigEndian;
    }

    /// <summary>Position after the last element read.</summary>
    public int End { get; private set; }

    public static DicomDataSet Parse(byte[] data, int start, bool explicitVr, bool bigEndian, ushort? group)
    {
        var set = new DicomDataSet(bigEndian);
        int at = start;
        while (at + 8 <= data.Length)
        {
            uint tag = ((uint)set.Word(data, at) << 16) | set.Word(data, at + 2);
            if (group is { } only && tag >> 16 != only)
            {
                break;
            }

            int header = 8;
            long length;
            bool isItem = tag >> 16 == 0xFFFE;
            string representation = explicitVr && !isItem ? Encoding.ASCII.GetString(data, at + 4, 2) : "UN";
            if (!explicitVr || isItem)
            {
                length = set.Long(data, at + 4);
            }
            else if (representation is "OB" or "OW" or "OF" or "OD" or "OL" or "OV" or "SQ" or "UN" or "UT" or "UC" or "UR" or "SV" or "UV")
            {
                header = 12;
                length = set.Long(data, at + 8);
            }
            else
            {
                length = set.Word(data, at + 6);
            }

            at += header;
            if (isItem || representation == "SQ" || length == uint.MaxValue)
            {
                continue; // step into sequences and items: their elements follow
            }

            if (length > data.Length - at)
            {
                throw new InvalidDataException("An element is longer than the file.");
            }

            if (!set._elements.TryAdd(tag, data.AsMemory(at, (int)length)) && tag == PixelData)
            {
                set._elements[tag] = data.AsMemory(at, (int)length); // the first was that of an icon; the picture's own comes last
            }

            at += (int)length;
        }

        set.End = at;
        return set;
    }

    public ReadOnlySpan<byte> Value(uint tag) => _elements.TryGetValue(tag, out ReadOnlyMemory<byte> value) ? value.Span : default;

    public string Text(uint tag) => Encoding.ASCII.GetString(Value(tag)).Trim('\0', ' ');

    /// <summary>An unsigned short; 0 when it is absent.</summary>
    public int Number(uint tag) => Value(tag) is { Length: >= 2 } value
        ? _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(value) : BinaryPrimitives.ReadUInt16LittleEndian(value)
        : 0;

    /// <summary>The first value of a decimal string; null when it is absent.</summary>
    public double? Decimal(uint tag) =>
        double.TryParse(Text(tag).Split('\\')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private ushort Word(byte[] data, int at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at)) : BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(at));

    private uint Long(byte[] data, int at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(at));
}

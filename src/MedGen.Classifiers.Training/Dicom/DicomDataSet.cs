using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MedGen.Classifiers.Training.Dicom;

/// <summary>
/// The top-level elements of a data set by tag (group · 65536 + element). Sequences are walked and not kept, whatever they hold (thumbnails have
/// pixel data of their own), except for the rescale values in the functional groups of enhanced objects.
/// </summary>
internal sealed class DicomDataSet
{
    /// <summary>Tag of the pixel data.</summary>
    public const uint PixelData = 0x7FE0_0010;

    private const uint Item = 0xFFFE_E000;
    private const uint ItemEnd = 0xFFFE_E00D;
    private const uint SequenceEnd = 0xFFFE_E0DD;
    private const uint SharedGroups = 0x5200_9229;
    private const uint FrameGroups = 0x5200_9230;
    private const uint ValueTransformation = 0x0028_9145;
    private const uint Undefined = uint.MaxValue;
    private const int DeepestNesting = 64;

    private readonly byte[] _data;
    private readonly Dictionary<uint, ReadOnlyMemory<byte>> _elements = [];
    private readonly Dictionary<uint, List<double>> _ofGroups = [];
    private readonly bool _bigEndian;

    private DicomDataSet(byte[] data, bool bigEndian) => (_data, _bigEndian) = (data, bigEndian);

    /// <summary>Position after the last element read.</summary>
    public int End { get; private set; }

    /// <exception cref="InvalidDataException">The data set is broken; the message says where.</exception>
    public static DicomDataSet Parse(byte[] data, int start, bool explicitVr, bool bigEndian, ushort? group)
    {
        DicomDataSet set = new(data, bigEndian);
        set.End = set.Walk(start, data.Length, new Encoded(explicitVr, bigEndian), [], group);
        return set;
    }

    public ReadOnlySpan<byte> Value(uint tag) => _elements.TryGetValue(tag, out ReadOnlyMemory<byte> value) ? value.Span : default;

    public string Text(uint tag) => Encoding.ASCII.GetString(Value(tag)).Trim('\0', ' ');

    /// <summary>An unsigned short; 0 when it is absent.</summary>
    public int Number(uint tag) => Value(tag) is { Length: >= 2 } value
        ? _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(value) : BinaryPrimitives.ReadUInt16LittleEndian(value)
        : 0;

    /// <summary>
    /// The first value of a decimal string, or those that the functional groups have, in the order of the frames; empty when it is absent.
    /// </summary>
    public IReadOnlyList<double> Decimals(uint tag) => ParseDecimal(Value(tag)) is { } value ? [value] : _ofGroups.GetValueOrDefault(tag) ?? [];

    // How elements are encoded; the items of an element of unknown representation and undefined length are implicit little endian (CP-246).
    private readonly record struct Encoded(bool ExplicitVr, bool BigEndian);

    private readonly record struct Element(uint Tag, string Representation, uint Length, int Start);

    private int Walk(int at, int end, Encoded encoded, List<uint> path, ushort? group)
    {
        while (at + 8 <= end)
        {
            Element element = Header(at, encoded);
            if (group is { } only && element.Tag >> 16 != only)
            {
                return at;
            }

            if (element.Tag is ItemEnd or SequenceEnd)
            {
                return path.Count > 0 ? element.Start : throw new InvalidDataException("an item ends that did not begin");
            }

            // In implicit encoding nothing tells a sequence of known length from a value, so those that are looked into are known by their tags.
            at = element.Length == Undefined || element.Representation == "SQ" || (
                !encoded.ExplicitVr && element.Tag is (SharedGroups or FrameGroups or ValueTransformation))
                ? Sequence(
                    element, end, element is { Representation: "UN", Length: Undefined } && encoded.ExplicitVr
                        ? new Encoded(false, false)
                        : encoded, path)
                : Keep(element, end, path);
        }

        return at;
    }

    private Element Header(int at, Encoded encoded)
    {
        uint tag = ((uint)Word(at, encoded) << 16) | Word(at + 2, encoded);
        if (!encoded.ExplicitVr || tag >> 16 == 0xFFFE)
        {
            return new Element(tag, "UN", Long(at + 4, encoded), at + 8);
        }

        string representation = Encoding.ASCII.GetString(_data, at + 4, 2);
        return representation is "OB" or "OW" or "OF" or "OD" or "OL" or "OV" or "SQ" or "UN" or "UT" or "UC" or "UR" or "SV" or "UV"
            ? new Element(tag, representation, Long(at + 8, encoded), at + 12)
            : new Element(tag, representation, Word(at + 6, encoded), at + 8);
    }

    private int Sequence(Element sequence, int end, Encoded encoded, List<uint> path)
    {
        if (path.Count == DeepestNesting)
        {
            throw new InvalidDataException($"sequences are nested more than {DeepestNesting} deep");
        }

        int at = sequence.Start;
        int last = sequence.Length == Undefined ? end : EndOf(sequence, end);
        path.Add(sequence.Tag);
        while (at + 8 <= last)
        {
            Element item = Header(at, encoded);
            if (item.Tag == SequenceEnd)
            {
                at = item.Start;
                break;
            }

            if (item.Tag != Item)
            {
                throw new InvalidDataException($"sequence {Name(sequence.Tag)} holds something that is no item");
            }

            int after = item.Length == Undefined ? last : EndOf(item, last);
            int walked = sequence.Tag == PixelData
                ? after
                : Walk(item.Start, after, encoded, path, group: null); // fragments of compressed pixels hold no elements
            at = item.Length == Undefined ? walked : after;
        }

        path.RemoveAt(path.Count - 1);
        return sequence.Length == Undefined ? at : last;
    }

    private int Keep(Element element, int end, List<uint> path)
    {
        int after = EndOf(element, end);
        ReadOnlyMemory<byte> value = _data.AsMemory(element.Start, (int)element.Length);
        if (path.Count == 0)
        {
            if (!_elements.TryAdd(element.Tag, value))
            {
                throw new InvalidDataException($"element {Name(element.Tag)} is there twice");
            }
        }
        else if (path is [SharedGroups or FrameGroups, ValueTransformation] && ParseDecimal(value.Span) is { } number)
        {
            (_ofGroups.TryGetValue(element.Tag, out List<double>? values) ? values : _ofGroups[element.Tag] = []).Add(number);
        }

        return after;
    }

    private static int EndOf(Element element, int end) => element.Length <= end - element.Start
        ? element.Start + (int)element.Length
        : throw new InvalidDataException($"element {Name(element.Tag)} is longer than what holds it");

    private static string Name(uint tag) => $"({tag >> 16:x4},{tag & 0xFFFF:x4})";

    private static double? ParseDecimal(ReadOnlySpan<byte> value) =>
        double.TryParse(
            Encoding.ASCII.GetString(value).Trim('\0', ' ')
                .Split('\\')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private ushort Word(int at, Encoded encoded) =>
        encoded.BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_data.AsSpan(at)) : BinaryPrimitives.ReadUInt16LittleEndian(_data.AsSpan(at));

    private uint Long(int at, Encoded encoded) =>
        encoded.BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(_data.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(_data.AsSpan(at));
}
